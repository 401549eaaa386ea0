"""Alerts: what arrives on the channels, once; what happens when they fail; and that no secret gets out."""

from __future__ import annotations

import contextlib
import io
import json
import logging
import shutil
import time
from dataclasses import replace
from datetime import date
from types import SimpleNamespace
from urllib.parse import parse_qs, urlsplit

import dagster as dg
import pytest
from apprise.plugins.base import NotifyBase
from apprise.plugins.dingtalk import NotifyDingTalk
from apprise.plugins.feishu import NotifyFeishu
from apprise.plugins.wecombot import NotifyWeComBot
from click.testing import CliRunner

from assets import alerts, channels, checks, failures, nightly
from assets.checks import alerts_delivered
from assets.cli import main
from assets.definitions import define, defs
from assets.headless import night
from assets.infrastructure import prepare_home
from assets.settings import Settings
from assets.watch import failed_runs
from pipeline.portals.signs import SignKind
from tests.nights import forget_runs, inbox, leave_out_suites, read_already
from tests.ports import free_port
from tests.receivers import mailbox, webhook

KEY = "s3cr3tToken"  # what must not get out


@pytest.fixture(autouse=True)
def _impatient(monkeypatch):
    monkeypatch.setattr(channels, "SECONDS_BETWEEN", 0.0)
    monkeypatch.setattr(NotifyBase, "request_rate_per_sec", 0)


def address(server, secret=KEY):
    return f"json://127.0.0.1:{server.port}/{secret}/"


def only(setting, **options):
    (channel,), problems = channels.channels(setting, **options)
    assert problems == []
    return channel


# Channels


def test_a_webhook_gets_title_and_text():
    with webhook() as server:
        assert only(address(server)).send("标题", "正文<b>") == ""
    assert [(one["title"], one["message"], one["path"]) for one in server.received] == [("标题", "正文<b>", f"/{KEY}/")]


def test_a_failure_is_tried_again_within_one_sending():
    with webhook(503, 503) as server:
        assert only(address(server)).send("标题", "正文") == ""
    assert [one["answer"] for one in server.received] == [503, 503, 200]


def test_what_fails_is_said_by_its_number_only():
    with webhook(*[503] * 3) as server:
        assert only(address(server)).send("标题", "正文") == "对方没有接受（代码503）"
    assert only(f"json://127.0.0.1:{free_port()}/{KEY}").send("标题", "正文") == "无法连接，或对方没有接受"


def test_a_server_that_does_not_answer_costs_its_time_only():
    started = time.monotonic()
    with webhook(3.0) as server:
        assert only(address(server), seconds=0.5).send("标题", "正文") == "超时，没有回应"
        assert time.monotonic() - started < 2.9


ROBOTS = [
    (
        NotifyWeComBot,
        f"wecombot://{KEY}",
        "send?key={key}",
        lambda body: body["text"]["content"],
        {"errcode": 93000},
    ),
    (
        NotifyDingTalk,
        f"dingtalk://{KEY}",
        "send?access_token={token}",
        lambda body: body["text"]["content"],
        {"errcode": 310000},
    ),
    (NotifyFeishu, f"feishu://{KEY}", "hook/{token}/", lambda body: body["content"]["text"], {"code": 19024}),
]


@pytest.mark.parametrize(("plugin", "url", "path", "text", "refusal"), ROBOTS, ids=["wecom", "dingtalk", "feishu"])
def test_a_robot_that_refuses_with_status_200_has_failed(  # noqa: PLR0917 - the columns of a table
    plugin, url, path, text, refusal, monkeypatch
):
    with webhook({"errcode": 0, "code": 0}, *[refusal] * 3) as server:
        monkeypatch.setattr(plugin, "notify_url", f"http://127.0.0.1:{server.port}/{path}")
        channel = only(url)
        assert channel.send("标题", "正文") == ""
        assert text(server.received[0]).split() == ["标题", "正文"]
        assert KEY in server.received[0]["path"]
        (code,) = refusal.values()
        assert channel.send("标题", "正文") == f"对方没有接受（代码{code}）"
    assert len(server.received) == 4


def test_the_signature_of_dingtalk_is_quoted_once(monkeypatch):
    with webhook() as server:
        monkeypatch.setattr(NotifyDingTalk, "notify_url", f"http://127.0.0.1:{server.port}/send?access_token={{token}}")
        assert only(f"dingtalk://SECabc@{KEY}").send("标题", "正文") == ""
    (asked,) = server.received
    (sign,) = parse_qs(urlsplit(asked["path"]).query)["sign"]
    assert (len(sign), sign[-1]) == (44, "=")  # the base64 of a sha256


def test_a_mail_is_html_and_each_recipient_a_channel():
    with mailbox(refused=["b@test.cn"]) as server:
        found, _ = channels.channels(
            f"mailto://127.0.0.1:{server.port}?from=me@test.cn&to=a@test.cn,b@test.cn&cc=c@test.cn"
        )
        assert [channel.send("标题", "<p>正文</p>") != "" for channel in found] == [False, True]
    assert len({channel.name for channel in found}) == 2
    assert sorted(recipient for recipient, _ in server.received) == ["a@test.cn", "c@test.cn"]
    mail = server.received[0][1]
    assert mail["subject"] == "标题"
    assert "<p>正文</p>" in mail.get_body(["html"]).get_content()


def test_the_limits_of_the_channels():
    limits = [
        only(url).limit
        for url in ("wecombot://key", "dingtalk://token", "feishu://token", "lark://token", "mailtos://u:p@test.cn")
    ]
    assert limits == [2048, 19985, 19985, 19985, 32768]


def test_addresses_side_by_side_and_in_a_file(tmp_path):
    found, problems = channels.channels("json://a.cn/1, mailto://u:p@b.cn?to=x@b.cn,y@b.cn\n  nonsense://x json://")
    assert [channel.name.split("-")[0] for channel in found] == ["json", "mailto", "mailto"]
    assert problems == [
        "JUESUAN_ALERTS 中第3个地址（nonsense）无效，未使用。",
        "JUESUAN_ALERTS 中第4个地址（json）无效，未使用。",
    ]

    file = tmp_path / "alerts"
    file.write_text("# 值班\njson://a.cn/1\n\njson://a.cn/2\n", encoding="utf-8")
    file.chmod(0o600)
    assert [channel.name for channel in channels.channels(str(file))[0]][:1] == [found[0].name]
    assert len(channels.channels(str(file))[0]) == 2
    file.chmod(0o640)
    assert channels.channels(str(file)) == (
        [],
        ["JUESUAN_ALERTS 所指的文件含有密码，只应本人可读写（chmod 600），未使用。"],
    )
    assert channels.channels(str(tmp_path / "none")) == (
        [],
        ["JUESUAN_ALERTS 所指的文件不能读取（FileNotFoundError）。"],
    )
    assert channels.channels("") == ([], [])


# Nights


@pytest.fixture(scope="module")
def nights(tmp_path_factory):
    """Two nights with one inconsistent report of two: what they say, what arrived, all that was logged and printed.

    A third time alerts are sent, to another receiver, with Dagster's record on the disk, where a secret might be.
    """
    home = tmp_path_factory.mktemp("nights")
    log = io.StringIO()
    handler = logging.StreamHandler(log)
    logging.getLogger().addHandler(handler)
    with (
        webhook() as hook,
        webhook() as other,
        mailbox() as mail,
        contextlib.redirect_stdout(log),
        contextlib.redirect_stderr(log),
    ):
        where = f"{address(hook)} mailto://127.0.0.1:{mail.port}?from=me@test.cn&to=a@test.cn"
        settings = replace(inbox(home, "agriculture.pdf", "hotline.pdf"), alerts=where)
        read_already(settings)
        with pytest.MonkeyPatch.context() as patched:
            forget_runs(patched)
            leave_out_suites(patched)
            results = [(night(settings), len(hook.received), len(mail.received)) for _ in range(2)]
        settings = replace(settings, alerts=address(other))
        with dg.DagsterInstance.from_config(str(prepare_home(settings))) as instance:
            job = define(dg.ResourceDefinition.hardcoded_resource(settings)).resolve_job_def("nightly")
            assert job.execute_in_process(instance=instance, asset_selection=[nightly.alerts.key]).success
    logging.getLogger().removeHandler(handler)
    return SimpleNamespace(
        settings=settings,
        results=results,
        hook=hook.received,
        other=other.received,
        mail=mail.received,
        log=log.getvalue(),
    )


def test_one_finding_is_one_alert_and_none_in_the_second_night(nights):
    (first, *arrived), (second, *later) = nights.results
    assert (first["ok"], first["alerts_sent"], first["alerts_failed"], first["told_new"]) == (
        True,
        2,
        0,
        first["findings_new"],
    )
    assert (second["ok"], second["alerts_sent"], second["alerts_quiet"]) == (True, 0, 2)
    assert arrived == later == [1, 1]
    told = nights.hook[0]["message"]
    assert "[新发现·错误] 澄川市农业技术推广站 2024年度" in told
    assert "12345" not in told  # the report that is in order
    ((recipient, mail),) = nights.mail
    assert recipient == "a@test.cn"
    assert "澄川市农业技术推广站" in mail.get_body(["html"]).get_content()
    assert not {name for names in first["checks"].values() for name in names if "alerts" in name}


def test_no_secret_is_logged_printed_or_stored(nights):
    """Neither logs, output, Dagster's records nor our own files hold what is secret in an address."""
    assert KEY in nights.settings.alerts
    assert len(nights.other) == 1
    assert nights.log.count("已发送") == 3  # two channels, and the other
    assert KEY not in nights.log + repr(nights.settings)
    files = [path for path in nights.settings.home.rglob("*") if path.is_file()]
    assert any(path.suffix == ".db" for path in files)  # Dagster's
    assert [path for path in files if KEY.encode() in path.read_bytes()] == []


@pytest.fixture
def home(nights, tmp_path):
    """A home with a published warehouse, of which nobody has been told, with a second finding."""
    unwanted = shutil.ignore_patterns("dagster", "alerts", "lake")
    shutil.copytree(nights.settings.home, tmp_path / "var", symlinks=True, ignore=unwanted)
    change_findings(
        tmp_path / "var",
        "INSERT INTO quality.finding SELECT f.* REPLACE (finding_id || '2' AS finding_id, 'R5' AS identity) "
        "FROM quality.finding f WHERE identity = 'H-01'",
    )
    return tmp_path / "var"


def test_not_even_debugging_logs_a_secret(home, caplog, capfd):
    caplog.set_level(logging.DEBUG)
    with webhook(*[500] * 3) as server:
        where = f"{address(server)} lark://{KEY} json://127.0.0.1:{free_port()}/{KEY} wecombot://{KEY}/?cto=0.01&rto=0.01 bad://{KEY}"
        delivery = deliver(home, where)
    assert len(delivery.failed) == 4
    assert delivery.problems
    assert KEY not in caplog.text + "".join(capfd.readouterr()) + repr(delivery) + str(delivery.as_metadata())
    assert [path for path in (home / "alerts").rglob("*") if path.is_file() and KEY.encode() in path.read_bytes()] == []


def deliver(home, setting):
    return alerts.deliver(Settings(home=home, alerts=setting), lambda _: None)


def change_findings(home, sql):
    import duckdb

    with duckdb.connect(str(home / "warehouse" / (home / "warehouse" / "current.duckdb").readlink())) as con:
        con.execute(sql)


def test_a_failed_channel_gets_later_what_it_missed_and_no_other_gets_it_twice(home):
    with webhook() as good, webhook(*[500] * 3) as bad:
        both = f"{address(good)} {address(bad)}"
        first = deliver(home, both)
        assert (len(first.sent), list(first.failed.values())) == (1, ["对方没有接受（代码500）"])
        change_findings(
            home, "UPDATE quality.finding SET status = 'resolved', resolved_on = current_date WHERE identity = 'R5'"
        )
        second = deliver(home, both)
        assert (len(second.sent), second.failed) == (2, {})
        assert deliver(home, both).quiet != []
    assert [one["title"].split(" ")[1] for one in good.received] == [
        good.received[0]["title"].split(" ")[1],
        "已消除1条",
    ]
    (late,) = bad.received[3:]
    assert "现有问题" in late["title"]  # the night that it missed and the one after, in one
    assert "R5" not in late["title"]


def test_a_channel_that_is_down_between_two_it_got(home):
    with webhook(200, *[500] * 3) as server:
        deliver(home, address(server))
        change_findings(
            home, "UPDATE quality.finding SET status = 'resolved', resolved_on = current_date WHERE identity = 'R5'"
        )
        assert deliver(home, address(server)).failed
        change_findings(
            home, "UPDATE quality.finding SET status = 'resolved', resolved_on = current_date WHERE identity = 'H-01'"
        )
        assert deliver(home, address(server)).sent
        assert deliver(home, address(server)).quiet
    assert "已消除2条" in server.received[-1]["title"]


def test_a_new_channel_gets_a_summary_not_the_history(home):
    with webhook() as old, webhook() as new:
        deliver(home, address(old))
        change_findings(
            home, "UPDATE quality.finding SET status = 'resolved', resolved_on = current_date WHERE identity = 'R5'"
        )
        failures.record(home, "run0", "readings", "磁盘故障")
        deliver(home, f"{address(old)} {address(new)}")
    assert "已消除1条" in old.received[-1]["title"]
    assert "任务失败1次" in old.received[-1]["title"]
    assert "首次通知" in new.received[0]["message"]
    assert not {"已消除", "任务失败"} & {word for word in ("已消除", "任务失败") if word in new.received[0]["title"]}


def test_nothing_is_sent_where_nothing_is_found(home):
    change_findings(home, "DELETE FROM quality.finding")
    with webhook() as server:
        assert deliver(home, address(server)).quiet
    assert server.received == []


def test_the_message_fits_the_channel(home, monkeypatch):
    change_findings(
        home,
        "INSERT INTO quality.finding SELECT f.* REPLACE (finding_id || i AS finding_id) FROM quality.finding f, range(500) t(i)",
    )
    with webhook() as server:
        monkeypatch.setattr(NotifyWeComBot, "notify_url", f"http://127.0.0.1:{server.port}/send?key={{key}}")
        assert deliver(home, "wecombot://key").sent
    content = server.received[0]["text"]["content"]
    assert 1000 < len(content.encode()) <= 2048
    assert "条未列出，请用 juesuan findings 查看" in content


def test_two_at_once_tell_once(home):
    from concurrent.futures import ThreadPoolExecutor

    with webhook() as server, ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda _: deliver(home, address(server)), range(2)))
    assert len(server.received) == 1


def test_what_was_told_is_for_its_owner_only(home):
    with webhook() as server:
        deliver(home, address(server))
    assert (home / "alerts").stat().st_mode & 0o077 == 0


def test_settings_that_cannot_be_used_end_no_night(home):
    assert deliver(home, "nonsense://x").problems == ["JUESUAN_ALERTS 中第1个地址（nonsense）无效，未使用。"]


# Failures


def test_a_failed_run_is_told_once(tmp_path, monkeypatch):
    from warehouse import build

    def full(*_, **__):
        raise OSError(28, f"No space left on device {KEY}")

    monkeypatch.setattr(build, "build", full)
    monkeypatch.setattr("assets.infrastructure.RETRIES", 0)
    forget_runs(monkeypatch)
    with webhook() as server:
        settings = Settings(home=tmp_path / "var", workers=1, alerts=address(server))
        run = night(settings, quiet=True)["run"]
        assert [one["message"] for one in server.received] == [
            f"夜间任务在“建库”一步失败：磁盘、网络或文件故障（OSError）。已发布的数据仓库保持不变。运行编号 {run}，详情请用 juesuan dev 查看。"
        ]
        assert alerts.tell_failure(settings, run).quiet
        assert len(server.received) == 1


def test_a_failed_run_that_could_not_be_told_is_told_with_the_next_digest(home):
    with webhook(200, *[500] * 3) as server:
        settings = Settings(home=home, alerts=address(server))
        deliver(home, address(server))
        failures.record(home, "run1", "suites", failures.kind_of(ValueError("secret")))
        assert alerts.tell_failure(settings, "run1").failed
        assert deliver(home, address(server)).sent
        assert deliver(home, address(server)).quiet
        assert alerts.tell_failure(settings, "run1").quiet
    assert "[任务失败] 夜间任务在“结构检查”一步失败：程序错误（ValueError）" in server.received[-1]["message"]


def test_the_daemon_tells_runs_that_failed_without_a_word(tmp_path):
    @dg.op
    def broken():
        raise ValueError

    @dg.job
    def nightly_job():
        broken()

    with webhook() as server, dg.DagsterInstance.ephemeral() as instance:
        settings = Settings(home=tmp_path, alerts=address(server))
        outcome = nightly_job.execute_in_process(instance=instance, raise_on_error=False)
        context = dg.build_run_status_sensor_context(
            "failed_runs", dagster_instance=instance, dagster_run=outcome.dagster_run,
            dagster_event=outcome.get_run_failure_event(),
        ).for_run_failure()  # fmt: skip
        for _ in range(2):
            failed_runs(context, settings=settings)
    (told,) = server.received
    assert told["message"].startswith("夜间任务没有完成：运行异常终止。已发布的数据仓库保持不变。")
    assert defs.resolve_sensor_def("failed_runs").default_status is dg.DefaultSensorStatus.RUNNING


def test_kinds_of_errors():
    import duckdb

    assert failures.kind_of(duckdb.IOException("x")) == "数据库文件故障（IOException）"
    assert failures.kind_of(FileNotFoundError("x")) == "磁盘、网络或文件故障（FileNotFoundError）"
    assert failures.kind_of(KeyError("x")) == "程序错误（KeyError）"


def test_a_line_cut_off_in_the_record_of_failures_is_passed_over(tmp_path):
    failures.record(tmp_path, "run1", "readings", "内存不足")
    with (tmp_path / "failures.jsonl").open("a", encoding="utf-8") as log:
        log.write('{"at": "2026-')
    assert [one.key for one in failures.failed_runs(tmp_path)] == ["run:run1"]


@pytest.mark.parametrize(("failed", "passed"), [([], True), (["json-1：超时"], False)])
def test_what_did_not_arrive_is_a_warning(failed, passed):
    with dg.DagsterInstance.ephemeral() as instance:
        told = {"alert_failures": failed, "alert_problems": [], "alerts_sent": 1}
        instance.report_runless_asset_event(dg.AssetMaterialization(nightly.alerts.key, metadata=told))
        result = alerts_delivered(dg.build_asset_check_context(instance=instance))
    assert (result.passed, result.severity) == (passed, dg.AssetCheckSeverity.WARN)


# Sites


def test_a_sign_of_a_site_is_told_once_and_when_it_is_over(tmp_path):
    from assets.signs import subjects
    from expectations.digest.compare import compare
    from expectations.digest.wording import message
    from pipeline.lake import Lake

    settings = Settings(home=tmp_path, sites=("sample_city",), local_site="http://127.0.0.1:1")
    known, told = {}, []
    for day, fault in enumerate(["", "no_items", "no_items", "timeout", "timeout", ""], start=3):
        Lake(settings.lake).add_fetches(fetches(day, fault))
        news = compare(subjects(settings, date(2026, 3, day)), known)
        known = news.known
        told.append(message(news, date(2026, 3, day)).body.splitlines()[1:])
    name = "网站“澄川市预决算公开平台（样例）”"
    assert told == [
        [],
        [],
        [
            (
                f"1. [网站异常] {name}列表页变样：以前给出条目的列表页，最近一夜（2026-03-05）打开1个，其中1个没有条目。"
                f"{SignKind.LAYOUT.advice} 始于2026-03-04 http://127.0.0.1:1/"
            )
        ],
        [
            (
                f"1. [网站异常] {name}网站无数据：已连续3夜没有给出可用的页面，多为：列表页没有任何条目，网站可能已改版或返回了验证页。"
                f"{SignKind.SILENT.advice} 始于2026-03-04 http://127.0.0.1:1/"
            )
        ],
        [],
        [
            f"1. [网站已恢复] {name}：“列表页变样”的情况不再出现。",
            f"2. [网站已恢复] {name}：“网站无数据”的情况不再出现。",
        ],
    ]


def test_a_sign_that_begins_anew_another_year_is_told_anew():
    from expectations.digest.compare import compare
    from expectations.digest.subjects import State, Subject

    before = Subject("site:a:fewer", State.AMISS, mark="2025")
    known = compare([Subject("site:a:fewer", State.UNVERIFIED)], compare([before], {}).known).known
    assert not compare([before], known)
    assert [item.change.label for item in compare([replace(before, mark="2026")], known).items] == ["网站异常"]


def test_the_checks_of_the_sites_warn(tmp_path, monkeypatch):
    from pipeline.lake import Lake

    settings = Settings(home=tmp_path, sites=("sample_city",), local_site="http://127.0.0.1:1")
    monkeypatch.setattr(checks, "today", lambda: date(2026, 3, 5))
    assert all(one.passed and one.metadata["not_judged"].value == 1 for one in checked(settings).values())
    for day, fault in ((3, ""), (4, "no_items"), (5, "no_items")):
        Lake(settings.lake).add_fetches(fetches(day, fault))
    found = checked(settings)
    assert set(found) == {f"site_{kind}" for kind in SignKind}
    assert [name for name, one in found.items() if not one.passed] == ["site_layout"]
    layout = found["site_layout"]
    assert (layout.severity, layout.metadata["amiss"].value) == (dg.AssetCheckSeverity.WARN, 1)
    (row,) = layout.metadata["sites"].records
    assert (row.data["outcome"], row.data["since"]) == ("异常", "2026-03-04")
    assert all(one.passed and "sites" not in one.metadata for one in checked(replace(settings, sites=())).values())


def test_the_checks_and_the_digest_of_a_night_judge_the_sites_once(tmp_path, monkeypatch):
    from assets import signs
    from pipeline.lake import Lake
    from pipeline.portals import watch

    settings = Settings(home=tmp_path, sites=("sample_city",), local_site="http://127.0.0.1:1")
    judged, sites = [], watch.signs
    monkeypatch.setattr(watch, "signs", lambda *known: judged.append(known[0]) or sites(*known))
    monkeypatch.setattr(checks, "today", lambda: date(2026, 3, 5))
    Lake(settings.lake).add_fetches(fetches(5, ""))
    checked(settings)
    assert signs.subjects(settings, date(2026, 3, 5))
    assert judged == ["sample_city"]
    Lake(settings.lake).add_fetches(fetches(5, "no_items"))
    signs.subjects(settings, date(2026, 3, 5))
    assert len(judged) == 2


def checked(settings):
    with dg.DagsterInstance.ephemeral() as instance:
        job = dg.Definitions(
            assets=[nightly.published_files],
            asset_checks=[checks.sites],
            jobs=[dg.define_asset_job("job", dg.AssetSelection.checks(checks.sites))],
            resources={"settings": dg.ResourceDefinition.hardcoded_resource(settings)},
        ).resolve_job_def("job")
        outcome = job.execute_in_process(instance=instance)
    return {one.check_name: one for one in outcome.get_asset_check_evaluations()}


def fetches(day, fault):
    from datetime import UTC, datetime

    from pipeline.portals.evidence import Fault, Fetch, Kind
    from pipeline.portals.state import fetch_frame

    moment = datetime(2026, 3, day, 2, tzinfo=UTC)
    site, url = "sample_city", "http://127.0.0.1:1/"
    items = {"": 3, "no_items": 0}.get(fault)
    return fetch_frame([
        Fetch(site, Kind.ROBOTS, url + "robots.txt", "", moment, 200),
        Fetch(site, Kind.LIST, url, "", moment, 200, fault=Fault(fault), items=items),
        *([] if fault else [Fetch(site, Kind.FILE, url + "a.pdf", url, moment, 404, fault=Fault.MISSING)]),
    ])  # fmt: skip


# Commands


def test_commands(home):
    with webhook(200, *[500] * 3) as server:
        where = {"JUESUAN_HOME": str(home), "JUESUAN_ALERTS": address(server)}
        answer = CliRunner().invoke(main, ["digest"], env=where)
        assert "现有问题" in answer.stdout
        assert (
            "农业技术推广站" in json.loads(CliRunner().invoke(main, ["digest", "--json"], env=where).stdout)[0]["body"]
        )
        assert server.received == []
        assert "还没有发送过" in CliRunner().invoke(main, ["alert"], env=where).stdout

        test = CliRunner().invoke(main, ["alert", "--test"], env=where)
        assert (test.exit_code, test.stdout.endswith("已送达\n")) == (0, True)
        assert "测试" in server.received[0]["title"]
        assert "现有问题" in CliRunner().invoke(main, ["digest"], env=where).stdout  # a test is no digest
        test = CliRunner().invoke(main, ["alert", "--test"], env=where)
        assert (test.exit_code, "未送达：对方没有接受（代码500）" in test.stdout) == (1, True)
    none = CliRunner().invoke(main, ["alert", "--test"], env={"JUESUAN_HOME": str(home), "JUESUAN_ALERTS": ""})
    assert "没有设置通知渠道" in none.stderr
    assert (
        "新设的渠道首先会收到"
        in CliRunner().invoke(main, ["digest"], env={"JUESUAN_HOME": str(home), "JUESUAN_ALERTS": ""}).stdout
    )


def test_no_answer_yet(tmp_path):
    answer = CliRunner().invoke(main, ["digest"], env={"JUESUAN_HOME": str(tmp_path), "JUESUAN_ALERTS": ""})
    assert (answer.exit_code, "还没有发布过数据仓库" in answer.output) == (1, True)
