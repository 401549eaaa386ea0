"""What stands before the pages: sizes, names, who may look, headers on every answer, the log of who asked."""

from __future__ import annotations

import json
import stat
import time

import pytest
from starlette.datastructures import Headers
from starlette.routing import Route
from starlette.testclient import TestClient

from assets.settings import Settings
from warehouse.explorer import access as access_module
from warehouse.explorer.access import TRIES, Access, Doorkeeper, Verdict, Visitor, networks
from warehouse.explorer.app import create_app
from warehouse.explorer.audit import Audit
from warehouse.explorer.gate import ADDRESS_BYTES, BODY_BYTES, HEADERS
from warehouse.explorer.model import Explorer

TOKEN = "0123456789abcdef口令"  # noqa: S105 - of these tests
HTML = {"Accept": "text/html"}


def no_pictures(document, number):
    raise AssertionError


def pages(home, address="192.0.2.7", **explorer):
    app = create_app(Explorer(home / "warehouse", no_pictures, **explorer))
    return TestClient(app, client=(address, 1), follow_redirects=False, raise_server_exceptions=False)


@pytest.fixture(scope="module")
def client(city_home):
    with pages(city_home) as client:
        client.app.routes.append(Route("/broken", lambda request: 1 / 0))
        yield client


def bearer(token):
    return {"Authorization": f"Bearer {token}".encode()}


# every answer


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/", 200), ("/nothing", 404), ("/broken", 500), ("/health", 200), ("/static/pages.css", 200), ("/static/none", 404),
        ("/findings?year=x", 404), ("/login", 303), ("/" + "a" * ADDRESS_BYTES, 414), ("/?q=" + "a" * ADDRESS_BYTES, 414),
    ],
)  # fmt: skip
def test_every_answer_bears_the_headers(client, address, status):
    answer = client.get(address)
    assert answer.status_code == status
    for name in HEADERS.keys() - {"Cache-Control"}:
        assert answer.headers[name] == HEADERS[name]
    assert "set-cookie" not in answer.headers
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
    assert "unsafe" not in answer.headers["Content-Security-Policy"]


def test_an_error_of_ours_is_told_without_its_particulars(client):
    assert "ZeroDivisionError" not in client.get("/broken").text
    assert "已记入日志" in client.get("/broken").text


def test_the_style_sheet_is_kept_by_browsers_until_it_changes(client):
    (address,) = {line.split('"')[3] for line in client.get("/").text.splitlines() if "pages.css" in line}
    assert "immutable" in client.get(address).headers["cache-control"]


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "", "[", "a b"])
def test_a_name_that_is_not_ours_is_refused(client, host):
    assert client.get("/", headers={"Host": host}).status_code in (400, 421)


@pytest.mark.parametrize("host", ["localhost:8000", "127.0.0.1", "10.1.2.3:8000", "[::1]:8000", "caizheng"])
def test_names_that_no_stranger_can_make_point_here_are_taken(client, host):
    assert client.get("/", headers={"Host": host}).status_code == 200


def test_names_that_are_set_are_the_only_ones(city_home):
    with pages(city_home, hosts=("juesuan.example",)) as client:
        assert client.get("/", headers={"Host": "JueSuan.example:443"}).status_code == 200
        assert client.get("/", headers={"Host": "127.0.0.1"}).status_code == 421


# what is sent


@pytest.mark.parametrize("body", [b"a" * (BODY_BYTES + 1), iter([b"a" * 65536] * 5)], ids=["told", "untold"])
def test_a_body_that_is_too_large_is_refused(client, body):
    assert client.post("/login", content=body).status_code == 413


def test_a_form_of_another_site_is_refused(client):
    assert client.post("/login", headers={"Origin": "https://evil.example"}).status_code == 403
    assert client.post("/login", headers={"Origin": "null"}).status_code == 403
    assert client.post("/login", headers={"Origin": "http://testserver"}).status_code == 303


@pytest.mark.parametrize(
    "address",
    [
        "/static/../app.py", "/static/..%2fapp.py", "/static/%2e%2e/%2e%2e/query.py", "/static//etc/passwd",
        "/documents/../../etc/passwd/file", "/documents/..%2f..%2f..%2fetc%2fpasswd/file", "/documents/%2e%2e/file",
        "/documents/../pages/1.png", "/findings/..%2f..%2fx/letter", "/documents/" + "a" * 64 + "/file",
    ],
)  # fmt: skip
def test_no_path_leads_out_of_the_pages(client, address):
    assert client.get(address).status_code == 404


@pytest.mark.parametrize(
    "word", ["%00", "%ff%fe", "'; DROP TABLE core.report; --", "%", "_", "\\", "𠮷" * 50, "(" * 90]
)
@pytest.mark.parametrize("place", ["/search?q=", "/findings?unit=", "/findings?identity=", "/missing?department="])
def test_any_word_is_but_a_word(client, place, word):
    assert client.get(place + word).status_code == 200


@pytest.mark.parametrize("number", ["-1", "1e9", "９", "99999999999999999999", "1;2", "0x10"])
def test_what_is_no_number_is_told(client, number):
    assert client.get(f"/findings?page={number}").status_code == 404


# who may look: a token


@pytest.fixture
def closed(city_home):
    with pages(city_home, access=Access(token=TOKEN)) as client:
        yield client


def test_without_the_token_only_the_login_page_and_health_are_open(closed):
    assert closed.get("/findings?year=2024", headers=HTML).headers["location"] == "/login?to=/findings%3Fyear%3D2024"
    refused = closed.get("/findings")
    assert (refused.status_code, refused.headers["www-authenticate"]) == (401, "Bearer")
    assert [closed.get(address).status_code for address in ("/login", "/health", "/static/pages.css")] == [
        200,
        200,
        200,
    ]
    assert closed.get("/documents/x/file").status_code == 401
    assert closed.get("/static/../findings", headers=HTML).status_code in (303, 404)


def test_the_token_opens_the_pages(closed):
    assert closed.get("/findings", headers=bearer(TOKEN)).status_code == 200
    assert closed.get("/findings", headers=bearer("0123456789abcdef")).status_code == 401


def test_login_answers_with_a_cookie_that_is_not_the_token(closed):
    answer = closed.post("/login", data={"token": TOKEN, "to": "/missing"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/missing")
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert "0123456789abcdef" not in cookie
    assert "secure" not in cookie  # over plain HTTP it would never come back
    assert closed.get("/missing").status_code == 200
    assert "退出登录" in closed.get("/missing").text
    assert closed.post("/logout").headers["location"] == "/login"
    assert closed.get("/missing").status_code == 401


@pytest.mark.parametrize(
    "to", ["//evil.example", "/\\evil.example", "https://evil.example", "javascript:alert(1)", "/a\r\nX: y", ""]
)
def test_login_leads_nowhere_else(closed, to):
    assert closed.post("/login", data={"token": TOKEN, "to": to}).headers["location"] == "/"


def test_a_cookie_holds_for_a_while_and_only_as_it_was_signed(monkeypatch):
    keeper, visitor = Doorkeeper(Access(token=TOKEN)), Visitor(address="192.0.2.1")
    cookie = keeper.cookie()
    until, _, signature = cookie.partition(".")

    def judged(value, by=keeper):
        return by.judge(visitor, Headers({}), value)

    assert judged(cookie) is Verdict.WELCOME
    for forged in (
        "",
        ".",
        f"{int(until) + 1}.{signature}",
        f"{until}.",
        f"{until}.{signature[:-1]}é",
        f"é.{signature}",
        f"-1.{signature}",
    ):
        assert judged(forged) is Verdict.STRANGER
    assert judged(cookie, Doorkeeper(Access(token=TOKEN + "2"))) is Verdict.STRANGER
    later = time.time() + access_module.SECONDS + 1
    monkeypatch.setattr(access_module, "time", lambda: later)
    assert judged(cookie) is Verdict.STRANGER


def test_who_guesses_too_often_is_not_heard_for_a_while(monkeypatch):
    now = 1000.0
    monkeypatch.setattr(access_module, "monotonic", lambda: now)
    keeper, guesser = Doorkeeper(Access(token=TOKEN)), Visitor(address="192.0.2.1")
    assert [keeper.try_token(guesser, "wrong") for _ in range(TRIES)] == [Verdict.STRANGER] * TRIES
    assert keeper.try_token(guesser, TOKEN) is Verdict.THROTTLED
    assert keeper.try_token(Visitor(address="192.0.2.2"), TOKEN) is Verdict.WELCOME
    assert keeper.judge(guesser, Headers({}), keeper.cookie()) is Verdict.WELCOME  # who is logged in stays so
    now += access_module.SECONDS_A_TRY
    assert keeper.try_token(guesser, TOKEN) is Verdict.WELCOME


def test_one_subscriber_has_not_as_many_guesses_as_addresses():
    keeper = Doorkeeper(Access(token=TOKEN))
    verdicts = [keeper.try_token(Visitor(address=f"2001:db8::{n}"), "wrong") for n in range(1, TRIES + 2)]
    assert verdicts[-1] is Verdict.THROTTLED


def test_remembering_guessers_takes_little():
    keeper = Doorkeeper(Access(token=TOKEN))
    for n in range(access_module._ADDRESSES + 500):
        keeper.try_token(Visitor(address=f"10.{n >> 16}.{n >> 8 & 255}.{n & 255}"), "wrong")
    assert len(keeper._tries) == access_module._ADDRESSES


def test_a_throttled_guess_is_told_so(closed):
    for _ in range(TRIES):
        closed.post("/login", data={"token": "wrong"})
    assert closed.post("/login", data={"token": TOKEN}).status_code == 429
    assert closed.get("/", headers=bearer("wrong")).status_code == 429


# who may look: a user named by a reverse proxy

PROXY = Access(user_header="X-Remote-User", proxies=networks(["10.0.0.0/24"]))


def test_a_user_is_believed_of_the_proxy_only(city_home):
    with pages(city_home, "10.0.0.9", access=PROXY) as client:
        assert client.get("/", headers={"X-Remote-User": "li"}).status_code == 200
        assert client.get("/").status_code == 403
        assert client.get("/", headers=[("X-Remote-User", "root"), ("X-Remote-User", "li")]).status_code == 403
    with pages(city_home, "10.0.1.9", access=PROXY) as client:
        assert client.get("/", headers={"X-Remote-User": "li"}).status_code == 403


@pytest.mark.parametrize(
    ("forwarded", "address"),
    [
        ("198.51.100.4", "198.51.100.4"),
        ("203.0.113.1, 198.51.100.4, 10.0.0.3", "198.51.100.4"),
        ("198.51.100.4, nonsense", "10.0.0.9"),
        ("", "10.0.0.9"),
    ],
)
def test_where_a_visitor_comes_from_is_what_the_last_proxy_says(forwarded, address):
    headers = Headers({"x-forwarded-for": forwarded, "x-forwarded-proto": "https"})
    visitor = Doorkeeper(PROXY).visitor(headers, "10.0.0.9", "http")
    assert (visitor.address, visitor.is_secure) == (address, True)
    assert Doorkeeper(PROXY).visitor(headers, "192.0.2.1", "http") == Visitor(address="192.0.2.1")


# the log


def test_downloads_and_logins_are_written_down_with_who_asked(city_home, tmp_path):
    access = Access(token=TOKEN, user_header="X-Remote-User", proxies=networks(["10.0.0.9"]))
    from pipeline.lake import Lake

    explorer = {"audit": tmp_path / "audit", "originals": Lake(city_home / "lake").path, "access": access}
    with pages(city_home, "10.0.0.9", **explorer) as client:
        page = client.get("/", headers={"X-Remote-User": "李明".encode()})
        from_page = client.get("/search", params={"q": "x"}, headers={"X-Remote-User": "li"})
        with client.app.state.store.edition() as edition:
            (document, name), *_ = edition.con.execute("SELECT document, name FROM core.document ORDER BY 2").fetchall()
        file = client.get(
            f"/documents/{document}/file",
            headers={"X-Remote-User": "李明".encode(), "X-Forwarded-For": b"198.51.100.4"},
        )
        client.post("/login", data={"token": "wrong-but-secret"})
        client.post("/login", data={"token": TOKEN})
    assert [page.status_code, from_page.status_code, file.status_code] == [200, 200, 200]
    assert file.headers["content-type"] == "application/octet-stream"
    assert file.headers["content-disposition"].startswith("attachment")
    path = tmp_path / "audit" / "audit.jsonl"
    text = path.read_text(encoding="utf-8")
    entries = [json.loads(line) for line in text.splitlines()]
    assert [entry["what"] for entry in entries] == ["download", "login", "login"]
    assert (entries[0]["user"], entries[0]["address"], entries[0]["name"]) == ("李明", "198.51.100.4", name)
    assert [entry["verdict"] for entry in entries[1:]] == ["stranger", "welcome"]
    assert "secret" not in text
    assert TOKEN not in text
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_the_log_is_begun_anew_when_it_is_large(tmp_path, monkeypatch):
    monkeypatch.setattr("warehouse.explorer.audit._FILE_BYTES", 1_000)
    audit = Audit(tmp_path)
    for number in range(20):
        audit.record("u", "a", "query", sql="SELECT '\n'" + "a" * 100, number=number)
    audit.record("u", "a", "query", sql="a" * 20_000)
    audit.close()
    files = sorted(tmp_path.iterdir())
    lines = [json.loads(line) for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    assert len(files) > 2
    assert sorted(line["number"] for line in lines if "number" in line) == [*range(20)]
    assert max(len(line["sql"]) for line in lines) < 10_100
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}


# the settings


def test_a_token_may_stand_in_a_file_of_its_owner(monkeypatch, tmp_path):
    path = tmp_path / "token"
    path.write_text(f"{TOKEN}\n", encoding="utf-8")
    monkeypatch.setenv("JUESUAN_TOKEN", str(path))
    path.chmod(0o644)
    with pytest.raises(ValueError, match="600"):
        Settings.from_environment()
    path.chmod(0o600)
    settings = Settings.from_environment()
    assert settings.token == TOKEN
    assert TOKEN not in repr(settings)


@pytest.mark.parametrize(
    ("variables", "told"),
    [
        ({"JUESUAN_TOKEN": "short"}, "JUESUAN_TOKEN"),
        ({"JUESUAN_TOKEN": "/does/not/exist"}, "JUESUAN_TOKEN"),
        ({"JUESUAN_USER_HEADER": "X-User"}, "JUESUAN_TRUSTED_PROXIES"),
        ({"JUESUAN_TRUSTED_PROXIES": "proxy.example"}, "proxy.example"),
        ({"JUESUAN_TRUSTED_PROXIES": "10.0.0.1/8"}, "10.0.0.1/8"),
    ],
)
def test_settings_that_would_leave_the_door_open_are_refused(monkeypatch, tmp_path, variables, told):
    from assets.serve import application

    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("JUESUAN_HOME", str(tmp_path))
    with pytest.raises(ValueError, match=told), application(Settings.from_environment()):
        pass


def test_pages_that_everybody_may_see_are_told(tmp_path):
    from assets.serve import is_exposed

    assert is_exposed(Settings(tmp_path), "192.0.2.1")
    assert not is_exposed(Settings(tmp_path, token=TOKEN), "192.0.2.1")
    assert not is_exposed(Settings(tmp_path), "127.0.0.1")
