"""HPE's nimble-sdk against the Nimble simulator: nimble.py URL USER PASSWORD.

Run it under a time limit: the SDK repeats a write for ever while it is answered with 401.
"""

import sys
from urllib.parse import urlsplit

from nimbleclient import NimOSClient, exceptions

from checks import Checks, raises

url, username, password = sys.argv[1:4]
host, port = urlsplit(url).hostname, urlsplit(url).port
checks = Checks()


def client(name=username, secret=password):
    return NimOSClient(host, name, secret, port=port)


def bad_login():
    raises(exceptions.NimOSAuthenticationError, lambda: client(secret="wrong-91x"))


def create():
    user = array.users.create(
        name="sdkuser",
        password="Secret-password1",
        full_name="Sdk User",
        email_addr="sdk@corp.example",
        role="operator",
        description="made by the SDK",
    )
    assert len(user.id) == 42, user.id
    assert user.attrs["role"] == "operator", user.attrs
    assert "password" not in user.attrs, user.attrs
    assert user.attrs["disabled"] is False, user.attrs
    return user


def created_user_logs_in():
    other = client("sdkuser", "Secret-password1")
    assert other.users.get(name="sdkuser").id == user.id
    other._client.close_connection()


def summary_lacks_fields():
    rows = array.users.list(name="sdkuser")
    assert [row.id for row in rows] == [user.id], rows
    assert "disabled" not in rows[0].attrs and "role" not in rows[0].attrs, rows[0].attrs


def detail_has_them():
    rows = array.users.list(detail=True, name="sdkuser")
    assert rows[0].attrs["full_name"] == "Sdk User", rows[0].attrs
    assert rows[0].attrs["search_name"], rows[0].attrs


def fields_are_selected():
    row = array.users.list(detail=True, name="sdkuser", fields="id,name,role")[0]
    assert set(row.attrs) == {"id", "name", "role"}, row.attrs


def by_id():
    assert array.users.get(id=user.id).attrs["name"] == "sdkuser"


def advanced_criteria():
    criteria = {
        "operator": "and",
        "criteria": [
            {"fieldName": "name", "operator": "equals", "value": "sdkuser"},
            {"fieldName": "role", "operator": "equals", "value": "operator"},
        ],
    }
    before = len(array.users.list())
    rows = array.users.list(detail=True, filter=criteria)
    assert [row.id for row in rows] == [user.id], rows
    assert len(array.users.list()) == before, "a query creates nothing"


def one_row_a_page():
    assert len(array.users.list(limit=1)) == 1
    assert len(array.users.list()) > 1


def pages_are_put_together():
    everybody = {row.id for row in array.users.list(detail=True, startRow=0)}
    assert user.id in everybody


def duplicate():
    call = lambda: array.users.create(name="sdkuser", password="Secret-password1")
    error = raises(exceptions.NimOSAPIError, call, "SM_eexist")
    assert "SM_http_conflict" in str(error), error


def missing_argument():
    raises(exceptions.NimOSAPIError, lambda: array.users.create(name="other"), "SM_missing_arg")


def unknown_argument():
    call = lambda: array.users.update(id=user.id, nonsense=1)
    raises(exceptions.NimOSAPIError, call, "SM_unexpected_arg")


def update():
    array.users.update(id=user.id, full_name="Renamed User", email_addr="other@corp.example")
    again = array.users.get(id=user.id)
    assert again.attrs["full_name"] == "Renamed User", again.attrs
    assert again.attrs["role"] == "operator", "what was not named stays"


def rename_keeps_the_id():
    array.users.update(id=user.id, name="sdkuser2")
    assert array.users.get(name="sdkuser2").id == user.id
    array.users.update(id=user.id, name="sdkuser")


def disable_and_enable():
    array.users.update(id=user.id, disabled=True)
    assert array.users.get(id=user.id).attrs["disabled"] is True
    raises(exceptions.NimOSAuthenticationError, lambda: client("sdkuser", "Secret-password1"))
    array.users.update(id=user.id, disabled=False)


def unlock():
    for _ in range(12):
        raises(exceptions.NimOSAuthenticationError, lambda: client("sdkuser", "wrong-91x"))
    reply = array.users.unlock(id=user.id)
    assert reply["auth_lock"] is False, reply


def wrong_ids():
    missing = "10" + "0" * 36 + "ffff"
    raises(exceptions.NimOSAPIError, lambda: array.users.get(id=missing), "SM_enoent")
    raises(exceptions.NimOSAPIError, lambda: array.users.delete(id=missing), "SM_enoent")
    raises(exceptions.NimOSAPIError, lambda: array.users.get(id="zz"), "SM_invalid_path_variable")


def page_beyond_the_end():
    call = lambda: array.users.list(startRow=1000)
    raises(exceptions.NimOSAPIError, call, "SM_start_row_beyond")


def delete():
    array.users.delete(id=user.id)
    assert array.users.list(name="sdkuser") == []


def session_shows_the_caller():
    token = array.tokens.get(id=array._client.session_id)
    assert token.attrs["username"] == username, token.attrs


def logout():
    array._client.close_connection()
    again = client()
    assert again._client.session_id != first, "a new session"
    again._client.close_connection()


checks.run("a wrong password raises NimOSAuthenticationError", bad_login)
array = checks.run("login", client)
first = array._client.session_id
checks.run("the session names the caller", session_shows_the_caller)
user = checks.run("create", create)
checks.run("the created user logs in", created_user_logs_in)
checks.run("the summary lacks fields", summary_lacks_fields)
checks.run("the detail has them", detail_has_them)
checks.run("fields are selected", fields_are_selected)
checks.run("get by id", by_id)
checks.run("advanced criteria", advanced_criteria)
checks.run("one row a page", one_row_a_page)
checks.run("pages are put together", pages_are_put_together)
checks.run("a duplicate is SM_eexist with two messages", duplicate)
checks.run("a missing argument", missing_argument)
checks.run("an unknown argument", unknown_argument)
checks.run("update", update)
checks.run("rename keeps the id", rename_keeps_the_id)
checks.run("disable and enable", disable_and_enable)
checks.run("unlock", unlock)
checks.run("unknown and malformed ids", wrong_ids)
checks.run("a page beyond the end", page_beyond_the_end)
checks.run("delete", delete)
checks.run("logout ends the session", logout)
checks.end("nimble-sdk")
