"""The commands about portals, against a portal on the loopback interface."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from assets import scaffold as scaffolding
from assets.cli import main
from pipeline.lake import Lake
from pipeline.portals import sites as declared
from pipeline.portals.sites import sites
from tests.imitations import imitations
from tests.imitations.town import posts
from tests.portal_server import serving
from tests.site_nights import night_at_an_imitation

ROOT = Path(__file__).parents[1]
PUBLIC = [site for site in sites().values() if site.base_url]


def juesuan(*arguments, given=""):
    return CliRunner().invoke(main, arguments, input=given)


@pytest.fixture
def town(monkeypatch, tmp_path):
    """A portal of 3 units, which the sample city's declaration finds on this machine."""
    with serving() as portal:
        imitation = imitations()["trs"](posts(3, (2023, 2024)))
        imitation.open(portal)
        monkeypatch.setenv("JUESUAN_HOME", str(tmp_path))
        monkeypatch.setenv("JUESUAN_SITES", "sample_city")
        monkeypatch.setenv("JUESUAN_LOCAL_SITE", f"{portal.base}bmjs/")
        yield portal, imitation


def wanted(imitation, year=2023):
    return sorted(
        p.name for post in imitation.posts if post.wanted and post.number // 1000 >= year for p in post.papers
    )


def test_a_dry_run_tells_and_takes_nothing(town, tmp_path):
    portal, imitation = town
    result = juesuan("portal", "try", "sample_city", "--json")
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    assert sorted(file["title"] for file in told["files"]) == wanted(imitation)
    assert not any(file["known"] for file in told["files"])
    assert {row["verdict"] for row in told["left"]} >= {"budget", "notice", "silent"}
    assert len(told["left"]) == sum(not post.wanted for post in imitation.posts)
    assert not [path for path in portal.paths() if "/files/" in path]
    assert list(tmp_path.rglob("*.*")) == []
    shown = juesuan("portal", "try", "sample_city", "--since", "2024").stdout
    assert f"会收集 {len(wanted(imitation, 2024))} 个文件" in shown
    assert "早于起始年度（3 个）：" in shown
    assert "通知、制度或决算工作" in shown


def test_collecting_one_site_now_and_its_state(town, tmp_path):
    portal, imitation = town
    before = {row["site"]: row for row in json.loads(juesuan("portals", "--json").stdout)}
    assert set(before) == set(sites())
    assert (before["sample_city"]["nightly"], before["sample_city"]["started_at"]) == (True, None)
    result = juesuan("collect", "sample_city", "--since", "2024")
    assert result.exit_code == 0, result.output
    assert f"新收文件 {len(wanted(imitation, 2024))} 个，未变 0 个。" in result.stdout
    assert wanted(imitation, 2024)[0] in result.stderr
    assert sorted(Lake(tmp_path / "lake").publications()["name"]) == wanted(imitation, 2024)
    portal.hits.clear()
    told = json.loads(juesuan("collect", "sample_city", "--json").stdout)
    fresh = len(wanted(imitation)) - len(wanted(imitation, 2024))
    assert (told["counts"]["files"], told["counts"]["unchanged"]) == (fresh, len(wanted(imitation, 2024)))
    row = next(row for row in json.loads(juesuan("portals", "--json").stdout) if row["site"] == "sample_city")
    assert (row["end"], row["files"], row["documents"]) == ("done", fresh, len(wanted(imitation)))
    assert (row["silent_nights"], row["next_recheck"], row["verified"]) == (0, None, False)
    shown = juesuan("portals").stdout
    assert "已收集完" in shown
    assert "从未收集" in shown


def test_files_without_validators_are_due_again(town):
    _, imitation = town
    imitation.tagged = False
    imitation.open(town[0])
    juesuan("collect", "sample_city")
    row = next(row for row in json.loads(juesuan("portals", "--json").stdout) if row["site"] == "sample_city")
    assert row["next_recheck"] > row["ended_at"]


def test_a_server_that_gives_nothing_is_said(town):
    portal, _ = town
    portal.replies.clear()
    portal.answers = lambda path, posted: None
    for command in (["collect"], ["portal", "try"]):
        result = juesuan(*command, "sample_city")
        assert result.exit_code == 1
        assert "网页或文件不存在，状态 404" in result.stdout


@pytest.mark.parametrize("command", [["collect"], ["portal", "try"]])
def test_clear_errors(town, monkeypatch, command):
    result = juesuan(*command, "nowhere")
    assert (result.exit_code, "未登记的站点：nowhere；已登记：" in result.output) == (1, True)
    result = juesuan(*command, "liuzhou")
    assert (result.exit_code, "须先设置联系方式（JUESUAN_CONTACT）" in result.output) == (1, True)
    monkeypatch.delenv("JUESUAN_LOCAL_SITE")
    result = juesuan(*command, "sample_city")
    assert (result.exit_code, "没有可用的网址" in result.output) == (1, True)


def test_a_host_that_cannot_be_resolved_is_said(town, monkeypatch):
    def nobody(*_, **__):
        raise OSError(-2, "Name or service not known")

    monkeypatch.setattr("pipeline.portals.network.socket.getaddrinfo", nobody)
    monkeypatch.setattr("time.sleep", lambda _: None)
    monkeypatch.setenv("JUESUAN_CONTACT", "mailto:nobody@example.org")
    result = juesuan("portal", "try", "liucheng")
    assert result.exit_code == 1
    assert "域名无法解析：http://www.liucheng.gov.cn/" in result.stdout


# -- a new site

OPTIONS = {
    "--id": "chengchuan", "--name": "澄川市部门决算公开", "--region": "某省澄川市", "--family": "jpaas",
    "--base-url": "https://czj.chengchuan.gov.cn/", "--start": "col/col1229/index.html", "--since": "2023",
    "--source": '预算科由财政局网站首页"公开"栏抄录，2026年1月；' + "列表页的网址见该栏目的“更多”。" * 5,
}  # fmt: skip


def new(**changed):
    options = OPTIONS | {f"--{key.replace('_', '-')}": value for key, value in changed.items()}
    return juesuan("portal", "new", *(text for pair in options.items() for text in pair))


@pytest.fixture
def source(tmp_path, monkeypatch):
    """A source directory with nothing but what a new site goes into."""
    for folder in ("tests/imitations", "pipeline/portals/sites"):
        (tmp_path / folder).mkdir(parents=True)
    monkeypatch.setattr(scaffolding, "ROOT", tmp_path)
    monkeypatch.setattr(scaffolding.scaffold, "__defaults__", (tmp_path,))
    return tmp_path


@pytest.mark.parametrize("family", sorted({kind.family for kind in imitations().values()}))
def test_a_new_site_has_a_test_that_passes_and_follows_the_house(source, family):
    yearly = "front/department/getdepartmentname.do pid=1&date={year}&typeid=2"
    result = new(family=family, start=yearly if family == "yjsgk" else 'zwgk/"quoted"/', host=".chengchuan.gov.cn")
    assert result.exit_code == 0, result.output
    assert "juesuan portal try chengchuan" in result.stdout
    module = source / "pipeline/portals/sites/chengchuan.py"
    test = source / "tests/test_site_chengchuan.py"
    assert "not verified live" in module.read_text(encoding="utf-8")
    names = {}
    exec(compile(module.read_text(encoding="utf-8"), str(module), "exec"), names)  # noqa: S102 - our own text
    assert names["SITE"].hosts == (".chengchuan.gov.cn",)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(declared, "sites", lambda: {"chengchuan": names["SITE"]})
        tests = {}
        exec(compile(test.read_text(encoding="utf-8"), str(test), "exec"), tests)  # noqa: S102
    for name in [name for name in tests if name.startswith("test_")]:
        tests[name]()
    for path in (module, test):
        name = path.relative_to(source)
        for command in (["check", "-q"], ["format", "--check", "-q"]):
            ruff = [sys.executable, "-m", "ruff", *command, "--stdin-filename", str(name), "-"]
            text = path.read_text(encoding="utf-8")
            done = subprocess.run(ruff, cwd=ROOT, input=text, capture_output=True, encoding="utf-8", check=False)
            assert done.returncode == 0, done.stdout + done.stderr
    again = new(family=family)
    assert (again.exit_code, "已有文件，未作改动" in again.output) == (1, True)


def test_a_new_site_asks_for_what_is_not_given(source):
    answers = "chengchuan\n澄川\n某省澄川市\nhttp://www.chengchuan.gov.cn/\n2023\n首页\ntrs\nbmjs/\n"
    result = juesuan("portal", "new", given=answers)
    assert result.exit_code == 0, result.output
    assert 'start=("bmjs/",)' in (source / "pipeline/portals/sites/chengchuan.py").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"id": "Cheng-chuan"}, "须由小写字母"),
        ({"id": "class"}, "须由小写字母"),
        ({"id": "liuzhou"}, "已登记"),
        ({"family": "wordpress"}, "没有名为 wordpress 的网站类型"),
        ({"base_url": "czj.chengchuan.gov.cn"}, "须以 http"),
        ({"base_url": "https://czj.chengchuan.gov.cn/a"}, "以 / 结尾"),
        ({"start": "col/{column}/"}, "花括号只用于"),
        ({"host": "https://img.chengchuan.gov.cn/"}, "只写主机名"),
    ],
)
def test_a_declaration_that_cannot_be_right_is_refused(source, changed, said):
    result = new(**changed)
    assert (result.exit_code, said in result.output) == (1, True), result.output
    assert list(source.rglob("*.py")) == []


@pytest.mark.parametrize("site", PUBLIC, ids=lambda site: site.id)
def test_every_declared_site_collects_from_its_familys_imitation(site):
    collected, published = night_at_an_imitation(site)
    assert collected == published


def test_a_site_that_cannot_collect_fails_its_check():
    with pytest.raises(AssertionError, match="列表页数超过上限"):
        night_at_an_imitation(replace(sites()["liuzhou"], max_pages=0))
