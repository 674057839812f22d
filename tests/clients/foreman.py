"""apypie, Foreman's own client, against the Foreman simulator: foreman.py URL USER PASSWORD."""

import os
import sys
import tempfile

import apypie
import requests
from apypie.foreman import ForemanApi, ForemanApiException

from checks import Checks, certificate, raises

url, username, password = sys.argv[1:4]
folder = tempfile.mkdtemp()
trusted = certificate(url, os.path.join(folder, "foreman.pem"))
checks = Checks()


def api(secret=password, name=username, kind=ForemanApi):
    more = {} if kind is ForemanApi else {"api_version": 2}
    return kind(
        uri=url,
        username=name,
        password=secret,
        verify_ssl=trusted,
        apidoc_cache_base_dir=os.path.join(folder, "apidoc"),
        **more,
    )


def description():
    plain = api(kind=apypie.Api)
    assert {"users", "usergroups", "roles", "auth_sources"} <= set(plain.resources)
    action = plain.resource("users").action("create")
    inner = {param.name: param for param in action.params[-1].params}
    assert inner["login"].required and inner["mail"].required, inner
    assert plain.resource("users").action("update").find_route({"id": 4}).path == "/api/users/:id"


def cached_under_its_checksum():
    foreman.call("home", "status")
    (name,) = os.listdir(foreman.apidoc_cache_dir)
    head = requests.get(f"{url}/api/ping", verify=trusted)
    assert name == head.headers["apipie-checksum"] + ".json", name


def status():
    reply = foreman.resource_action("home", "status", {})
    assert reply["result"] == "ok" and reply["api_version"] == 2, reply


def bad_login():
    raises(ForemanApiException, lambda: api("wrong").list("users"), "Unable to authenticate")


def internal_source():
    (source,) = foreman.list("auth_sources", search='name="Internal"')
    assert source["type"] == "AuthSourceInternal", source
    return source["id"]


def role():
    (viewer,) = foreman.list("roles", search='name="Viewer"')
    return viewer["id"]


def create():
    made = foreman.create(
        "users",
        {
            "login": "apypie",
            "firstname": "Api",
            "lastname": "Pie",
            "mail": "apypie@corp.example",
            "auth_source_id": source,
            "password": "secret",
            "role_ids": [viewer],
        },
    )
    assert made["login"] == "apypie" and made["id"] > 0, made
    assert [role["id"] for role in made["roles"]] == [viewer], made["roles"]
    return made


def required_is_checked_before_anything_is_sent():
    call = lambda: foreman.resource("users").call("create", {"user": {"login": "x"}})
    raises(apypie.exceptions.MissingArgumentsError, call, "mail")


def everything_on_one_page():
    logins = [entry["login"] for entry in foreman.list("users")]
    assert {"apypie", username} <= set(logins), logins


def search():
    assert [entry["id"] for entry in foreman.list("users", search="login=apypie")] == [user["id"]]
    assert foreman.list("users", search="login=APYPIE") == [], "= knows letter case"
    assert len(foreman.list("users", search="login ~ APYP")) == 1


def show():
    shown = foreman.show("users", user["id"])
    assert shown["mail"] == "apypie@corp.example" and shown["auth_source_internal"], shown


def duplicate():
    copy = {"login": "APYPIE", "mail": "x@corp.example", "auth_source_id": source, "password": "x"}
    error = raises(ForemanApiException, lambda: foreman.create("users", copy))
    assert "login" in str(error) and "already exists" in str(error), error


def update():
    changed = foreman.update("users", {"id": user["id"], "firstname": "Renamed", "disabled": True})
    assert changed["firstname"] == "Renamed" and changed["disabled"] is True, changed
    assert changed["lastname"] == "Pie", changed
    raises(ForemanApiException, lambda: api("secret", "apypie").list("users"), "disabled")
    foreman.update("users", {"id": user["id"], "disabled": False})


def group():
    made = foreman.create("usergroups", {"name": "bakers", "user_ids": [user["id"]]})
    assert [member["id"] for member in made["users"]] == [user["id"]], made
    emptied = foreman.update("usergroups", {"id": made["id"], "user_ids": []})
    assert emptied["users"] == [], emptied
    (listed,) = foreman.list("usergroups", search="name=bakers")
    foreman.delete("usergroups", listed)
    assert foreman.list("usergroups", search="name=bakers") == []


def members_of_a_group():
    made = foreman.create("usergroups", {"name": "bakers", "user_ids": [user["id"]]})
    members = foreman.list("users", params={"usergroup_id": made["id"]})
    assert [member["login"] for member in members] == ["apypie"], members
    foreman.delete("usergroups", made)


def token():
    made = foreman.create(
        "personal_access_tokens", {"name": "key", "user_id": user["id"]}, {"user_id": user["id"]}
    )
    own = api(made["token_value"], "apypie").resource_action("users", "show_current", {})
    assert own["login"] == "apypie", own
    foreman.delete("personal_access_tokens", made, {"user_id": user["id"]})
    call = lambda: api(made["token_value"], "apypie").resource_action("users", "show_current", {})
    raises(ForemanApiException, call, "Unable to authenticate")


def delete():
    foreman.delete("users", user)
    raises(ForemanApiException, lambda: foreman.show("users", user["id"]), "not found")
    raises(ForemanApiException, lambda: foreman.delete("users", user), "not found")


def own_account_stays():
    (admin,) = foreman.list("users", search=f"login={username}")
    raises(ForemanApiException, lambda: foreman.delete("users", admin))


foreman = api()
checks.run("the description lists resources, actions and parameters", description)
checks.run("status", status)
checks.run("the description is kept under its checksum", cached_under_its_checksum)
checks.run("a wrong password is refused", bad_login)
source = checks.run("the internal source is found by name", internal_source)
viewer = checks.run("a role is found by name", role)
user = checks.run("create", create)
checks.run("what is required is checked by the client", required_is_checked_before_anything_is_sent)
checks.run("everything on one page", everything_on_one_page)
checks.run("search", search)
checks.run("show", show)
checks.run("a duplicate is refused by login", duplicate)
checks.run("update, disable and enable", update)
checks.run("a group with members, emptied and deleted", group)
checks.run("the members of a group as a list", members_of_a_group)
checks.run("a token in place of the password", token)
checks.run("delete", delete)
checks.run("the own account stays", own_account_stays)
checks.end("apypie")
