"""The FortiAuthenticator simulator (classic) against tastypie: fortiauthenticator.py URL REFEREE USER KEY.

The same requests go to both, in the same order. Status, content type and the shape of the body have
to be the same; the wording of messages and the fields that the referee does not know need not.
"""

import json
import sys
from urllib.parse import parse_qsl, urlsplit

import requests

from checks import Checks

url, referee, username, key = sys.argv[1:5]
checks = Checks()

# Headers that belong to the contract, besides the content type.
HEADERS = ["WWW-Authenticate", "Allow"]


class Server:
    """One of the two, with the ids that it gave."""

    def __init__(self, base):
        self.base = base
        self.ids = {}
        self.session = requests.Session()
        self.session.auth = (username, key)

    def send(self, method, path, body=None, raw=None, headers=None, auth=True):
        fill = lambda text: text.format(**self.ids)
        headers = dict(headers or {})
        data = raw
        if body is not None:
            data = json.dumps(self.filled(body))
            headers.setdefault("Content-Type", "application/json")
        send = self.session.request if auth is True else requests.request
        more = {} if auth in (True, None) else {"auth": auth}
        return send(
            method,
            self.base + fill(path),
            data=data,
            headers=headers,
            allow_redirects=False,
            timeout=20,
            **more,
        )

    def filled(self, body):
        if isinstance(body, dict):
            return {name: self.filled(value) for name, value in body.items()}
        if isinstance(body, list):
            return [self.filled(value) for value in body]
        return body.format(**self.ids) if isinstance(body, str) else body


servers = [Server(url), Server(referee)]


def kind(reply):
    """The content type without its parameters, and the path of a redirect."""
    content = reply.headers.get("Content-Type", "").split(";")[0]
    location = reply.headers.get("Location")
    return content, location and urlsplit(location).path.rstrip("0123456789/")


def query(target):
    """A next or previous page as path and parameters, whatever their order."""
    if target is None:
        return None
    parts = urlsplit(target)
    assert not parts.netloc, f"{target} names a host"
    return parts.path, sorted(parse_qsl(parts.query))


def listed(document, ordered):
    """What of a list has to be the same: its frame, and who is on it.

    Without `order_by` the appliance promises no order.
    """
    meta = dict(document["meta"])
    for page in ("next", "previous"):
        meta[page] = query(meta[page])
    names = [row.get("username") or row.get("name") for row in document["objects"]]
    if not ordered:
        names = sorted(names)
    return {"meta": meta, "names": names, "keys": sorted(document)}


def shape(document):
    """Keys and kinds; of a list the first element stands for all."""
    if isinstance(document, dict):
        return {name: shape(value) for name, value in sorted(document.items())}
    if isinstance(document, list):
        return [shape(value) for value in document[:1]]
    return "text" if isinstance(document, str) else type(document).__name__


def same(method, path, save=None, **more):
    """Sends one request to both and compares what comes back."""
    simulated, refereed = [server.send(method, path, **more) for server in servers]
    assert simulated.status_code == refereed.status_code, (
        f"{simulated.status_code} {simulated.text!r}, "
        f"but the framework has {refereed.status_code} {refereed.text!r}"
    )
    assert kind(simulated) == kind(refereed), f"{kind(simulated)}, {kind(refereed)}"
    for name in HEADERS:
        ours, theirs = [
            sorted(part.strip().upper() for part in (reply.headers.get(name) or "").split(","))
            for reply in (simulated, refereed)
        ]
        assert ours == theirs, f"{name}: {ours}, {theirs}"
    compare_bodies(simulated, refereed, "order_by" in path)
    if save:
        for server, reply in zip(servers, (simulated, refereed)):
            server.ids[save] = reply.headers["Location"].rstrip("/").rsplit("/", 1)[1]


def compare_bodies(simulated, refereed, ordered):
    if "json" not in refereed.headers.get("Content-Type", ""):
        assert bool(simulated.content) == bool(refereed.content), (simulated.text, refereed.text)
        return
    ours, theirs = simulated.json(), refereed.json()
    if isinstance(theirs, dict) and "objects" in theirs:
        ours, theirs = listed(ours, ordered), listed(theirs, ordered)
        assert ours == theirs, f"{ours}, {theirs}"
    elif refereed.status_code >= 400:
        theirs.pop("traceback", None)
        assert shape(ours) == shape(theirs), f"{ours}, {theirs}"
    else:
        missing = set(theirs) - set(ours)
        assert not missing, f"{missing} of {sorted(theirs)}"
        common = {name: ours[name] for name in theirs}
        assert shape(common) == shape(theirs), f"{common}, {theirs}"


def check(label, method, path, **more):
    checks.run(f"{label}: {method} {path}", lambda: same(method, path, **more))


def person(name, **more):
    return {"username": name, "email": f"{name}@corp.example", **more}


USERS = "/api/v1/localusers/"
GROUPS = "/api/v1/usergroups/"
MEMBERSHIPS = "/api/v1/localgroup-memberships/"
JSON = {"Content-Type": "application/json"}

check("an empty list", "GET", USERS)
check("create", "POST", USERS, body=person("ann"), save="ann")
for number in range(1, 6):
    name = f"user{number}"
    check("create", "POST", USERS, body=person(name, city="Oslo"), save=name)
check("read", "GET", USERS + "{ann}/")
check("change", "PATCH", USERS + "{ann}/", body={"first_name": "Ann", "active": False})
check("change by text", "PATCH", USERS + "{ann}/", body={"active": "true"})
check("change nothing known", "PATCH", USERS + "{ann}/", body={"nonsense": 1})
check("replace", "PUT", USERS + "{ann}/", body=person("ann"))

check("no name", "POST", USERS, body={"email": "x@corp.example"})
check("a taken name", "POST", USERS, body=person("ann"))
check("a wrong address", "POST", USERS, body=person("bad") | {"email": "nonsense"})
check("a long name", "POST", USERS, body=person("long", first_name="x" * 31))
check("two mistakes", "POST", USERS, body=person("two", city="x" * 41) | {"email": "no"})
check("no JSON", "POST", USERS, raw='{"username":', headers=JSON)
check("form encoded", "POST", USERS, raw="a=b", headers={"Content-Type": "text/plain"})
check("a wrong change", "PATCH", USERS + "{ann}/", body={"email": "nonsense"})

check("nobody", "GET", USERS + "999/")
check("change of nobody", "PATCH", USERS + "999/", body={"city": "x"})
check("delete of nobody", "DELETE", USERS + "999/")
check("no number", "GET", USERS + "abc/")
check("unknown resource", "GET", "/api/v1/nonsense/")
check("no slash", "GET", "/api/v1/localusers")
check("no slash", "POST", "/api/v1/localusers", body=person("slash"))
check("no slash", "GET", "/api/v1/localusers/{ann}")
check("nobody called", "GET", USERS, auth=None)
check("a wrong key", "GET", USERS, auth=(username, "wrong"))
check("nonsense for a key", "GET", USERS, auth=None, headers={"Authorization": "Basic !!!"})
check("another scheme", "GET", USERS, auth=None, headers={"Authorization": "Bearer x"})

ORDER = "order_by=username"
for parameters in [
    "",
    "?limit=2&" + ORDER,
    "?limit=2&offset=2&" + ORDER,
    "?limit=2&offset=4&" + ORDER,
    "?limit=0&" + ORDER,
    "?limit=2000&" + ORDER,
    "?offset=50",
    "?limit=-1",
    "?limit=x",
    "?offset=-1",
    "?offset=x",
    "?order_by=-username",
    "?order_by=city",
    "?order_by=nonsense",
    "?username=ann",
    "?username=ANN",
    "?username__iexact=ANN",
    "?username__contains=ser&" + ORDER,
    "?username__icontains=SER&" + ORDER,
    "?username__in=ann,user1&" + ORDER,
    "?username__in=ann&username__in=user2&" + ORDER,
    "?id__in={ann},{user1}&" + ORDER,
    "?city=Oslo&limit=2&" + ORDER,
    "?city__in=Oslo",
    "?active=true&limit=3&" + ORDER,
    "?active=false",
    "?username__startswith=a",
    "?username__nonsense=a",
    "?custom1=x",
    "?nonsense=x&" + ORDER,
    "?username=ann&city=Bergen",
]:
    check("list", "GET", USERS + parameters)

check("create a group", "POST", GROUPS, body={"name": "team"}, save="team")
check("a taken name", "POST", GROUPS, body={"name": "team"})
check("no name", "POST", GROUPS, body={})
check("list", "GET", GROUPS + "?name=team")
check("join", "POST", MEMBERSHIPS, body={"user": USERS + "{ann}/", "group": GROUPS + "{team}/"}, save="in")
check("an unknown user", "POST", MEMBERSHIPS, body={"user": USERS + "999/", "group": GROUPS + "{team}/"})
check("no group", "POST", MEMBERSHIPS, body={"user": USERS + "{ann}/"})
check("join twice", "POST", MEMBERSHIPS, body={"user": USERS + "{ann}/", "group": GROUPS + "{team}/"})
check("whose", "GET", MEMBERSHIPS + "?user={ann}&group={team}")
check("whose", "GET", MEMBERSHIPS + "?user={user1}")
check("by path", "GET", MEMBERSHIPS + "?user=/api/v1/localusers/1/")
check("change a membership", "PATCH", MEMBERSHIPS + "{in}/", body={})
check("leave", "DELETE", MEMBERSHIPS + "{in}/")
check("leave twice", "DELETE", MEMBERSHIPS + "{in}/")
check("join again", "POST", MEMBERSHIPS, body={"user": USERS + "{ann}/", "group": GROUPS + "{team}/"}, save="in")
check("delete", "DELETE", USERS + "{ann}/")
check("gone", "GET", USERS + "{ann}/")
check("gone from its groups", "GET", MEMBERSHIPS)
check("delete a group", "DELETE", GROUPS + "{team}/")
checks.end("tastypie")
