"""The command line as people and machines use it."""

import csv
import io
import json
import re
import shutil
import socket
import subprocess
import sys
import time
from unittest.mock import Mock

import polars as pl
import pytest
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from click.testing import CliRunner

from assets.cli import main
from assets.cli_common import LOCALE
from expectations.history import events_of
from pipeline.lake import Lake
from tests.nights import CITY
from warehouse.publish import published

CLEAN, WRONG = str(CITY / "hotline.pdf"), str(CITY / "agriculture.pdf")


def juesuan(*arguments):
    return CliRunner().invoke(main, arguments)


def test_check_is_clean_for_the_seed_unit():
    result = juesuan("check", CLEAN, "--format", "json")

    answer = json.loads(result.stdout)
    assert result.exit_code == 0
    assert answer["findings"] == []
    (report,) = answer["reports"]
    assert report["unit"] == "柳州市12345政务服务热线管理中心"
    assert (report["forms"], report["failed"], report["checked"]) == (9, 0, True)
    assert report["passed"] > 500
    assert {row["reason"] for row in answer["not_evaluated"]} >= {"form_absent"}


def test_check_names_the_cell():
    result = juesuan("check", CLEAN, WRONG, "--format", "json")

    findings = json.loads(result.stdout)["findings"]
    assert result.exit_code == 1
    (row,) = (finding for finding in findings if finding["severity"] == "E")
    assert (row["file"], row["identity"], row["form"], row["row"], row["column"], row["page"]) == (
        "agriculture.pdf", "H-01", "general_budget", "2130106", "project", 8,
    )  # fmt: skip
    assert (row["stated"], row["expected"], row["difference"]) == ("862800.0000", "682800.0000", "180000.0000")
    assert row["kind"] == "transposed"
    assert len(row["box"]) == 4
    assert "疑有误（相邻两位数字颠倒），按其余数字应为68.28万元" in row["sentence"]
    assert {symptom["identity"] for symptom in row["symptoms"]} == {"H-01", "H-02", "R5"}
    stated = {(cell["column"], cell["printed"]) for cell in row["cells"] if cell["role"] == "stated"}
    assert stated == {("project", "86.28")}


def test_check_in_words():
    result = juesuan("check", WRONG)

    assert result.exit_code == 1
    assert "[错误] H-01 《一般公共预算财政拨款支出决算表》（第8页）" in result.stdout
    assert "未核对的原因" in result.stdout


def test_check_of_something_else(tmp_path):
    page = tmp_path / "report.pdf"
    page.write_text("<html><body>404</body></html>", encoding="utf-8")

    result = juesuan("check", str(page), "--format", "json")

    answer = json.loads(result.stdout)
    assert result.exit_code == 3
    assert [issue["kind"] for issue in answer["issues"]] == ["unsupported_format"]
    assert answer["reports"][0]["checked"] is False


def test_read_in_every_format(tmp_path):
    rows = json.loads(juesuan("read", CLEAN, "--format", "json").stdout)
    total = next(r for r in rows if (r["form_key"], r["code"], r["measure"]) == ("expenditure", "2010399", "project"))
    assert (total["printed"], total["amount_yuan"], total["column"], total["page"]) == (
        "23.87",
        "238700.00",
        "项目支出",
        6,
    )

    lines = list(csv.DictReader(io.StringIO(juesuan("read", CLEAN, "--format", "csv").stdout)))
    assert len(lines) == len(rows)

    target = tmp_path / "facts.parquet"
    assert juesuan("read", CLEAN, "--format", "parquet", "-o", str(target)).exit_code == 0
    assert pl.read_parquet(target).height == len(rows)

    assert "《支出决算表》（万元）" in juesuan("read", CLEAN).stdout


def test_show_draws_a_page(tmp_path):
    target = tmp_path / "page.png"
    assert juesuan("show", CLEAN, "--page", "6", "-o", str(target)).exit_code == 0
    assert target.read_bytes().startswith(b"\x89PNG")
    assert "没有第 99 页" in juesuan("show", CLEAN, "--page", "99").output


@pytest.fixture(scope="module")
def home(city_home, tmp_path_factory):
    """A published warehouse of four reports, in one of which there is an error, and what a night keeps of findings."""
    home = shutil.copytree(city_home, tmp_path_factory.mktemp("installation") / "var", symlinks=True)
    Lake(home / "lake").add_finding_events(events_of(published(home / "warehouse")))
    return home


def test_questions_to_the_published_warehouse(home, monkeypatch):
    monkeypatch.setenv("JUESUAN_HOME", str(home))

    answer = json.loads(juesuan("sql", "SELECT count(*) AS n FROM 决算.报告", "--json").stdout)
    assert answer == [{"n": 4}]
    refused = juesuan("sql", "DROP TABLE core.cell")
    assert (refused.exit_code, "只能查询" in refused.output) == (1, True)
    found = json.loads(juesuan("findings", "--unit", "农业", "--severity", "E", "--json").stdout)
    assert [(row["identity"], row["kind"], row["symptoms"]) for row in found] == [("H-01", "transposed", 3)]
    assert "共 1 条" in juesuan("findings", "--unit", "农业", "--severity", "E").output
    for others in (("--unit", "文化"), ("--unit", "农业", "--severity", "W"), ("--year", "2023")):
        assert json.loads(juesuan("findings", *others, "--json").stdout) == []


def test_the_life_of_a_finding(home, monkeypatch):
    monkeypatch.setenv("JUESUAN_HOME", str(home))
    found = json.loads(juesuan("findings", "--unit", "农业", "--severity", "E", "--json").stdout)
    number = found[0]["finding_id"]

    told = juesuan("history", number[:8])
    assert (told.exit_code, f"问题 {number}" in told.output) == (0, True)
    assert "首次发现  所列 862,800.00 元，应为 682,800.00 元；2024/agriculture.pdf" in told.output
    assert juesuan("ack", number, "--by", "张三", "--note", "已电话通知").exit_code == 0
    assert "知悉  张三；已电话通知" in juesuan("history", number).output
    assert [row["event"] for row in json.loads(juesuan("history", number, "--json").stdout)] == ["new", "acknowledged"]
    shown = juesuan("findings", "--unit", "农业", "--severity", "E").output
    assert f"编号 {number}；" in shown
    assert "张三已知悉" in shown
    for command in ("history", "ack"):
        refused = juesuan(command, "0000000")
        assert (refused.exit_code, "没有编号为 0000000 的问题" in refused.output) == (1, True)


def test_before_the_first_publication(tmp_path, monkeypatch):
    monkeypatch.setenv("JUESUAN_HOME", str(tmp_path))
    for arguments in (["sql", "SELECT 1"], ["findings"]):
        result = juesuan(*arguments)
        assert result.exit_code == 1
        assert "还没有发布过数据仓库" in result.output


def test_the_light_commands_import_nothing_heavy():
    code = "import sys; import assets.cli; print([m for m in ('dagster', 'polars', 'duckdb', 'pdfplumber') if m in sys.modules])"
    started = time.perf_counter()
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert out.strip() == "[]"
    assert time.perf_counter() - started < 20  # a bound against hanging, not a measurement


@pytest.mark.parametrize(
    "arguments",
    [
        ("sql", "SELECT 1", "-o", "{none}/x.csv"),
        ("export", "{none}/x.xlsx"),
        ("export", "/proc/x"),
        ("register", "-o", "{none}/x.csv"),
        ("letter", "农业", "2024", "-o", "/proc/x"),
        ("backup", "/proc/x"),
        ("read", CLEAN, "--format", "csv", "-o", "{none}/x.csv"),
        ("read", CLEAN, "--format", "parquet", "-o", "{none}/x.parquet"),
        ("show", CLEAN, "--page", "6", "-o", "{none}/x.png"),
    ],
)
def test_a_path_that_cannot_be_written_is_said_in_one_sentence(home, monkeypatch, tmp_path, arguments):
    monkeypatch.setenv("JUESUAN_HOME", str(home))
    none = tmp_path / "none"
    refused = juesuan(*(argument.format(none=none) for argument in arguments))
    assert refused.exit_code == 1
    assert re.fullmatch(rf"错误：不能读写 ({none}|/proc/x)：没有这个文件或文件夹.*。\n", refused.output)


def test_what_is_no_fault_of_a_file_keeps_its_traceback(monkeypatch):
    monkeypatch.setattr("assets.cli.current_settings", lambda: 1 / 0)
    assert isinstance(juesuan("findings").exception, ZeroDivisionError)
    for error in (OSError("工作进程无法启动"), UnicodeDecodeError("utf-8", b"\xff", 0, 1, "of ours")):
        monkeypatch.setattr("assets.cli.current_settings", Mock(side_effect=error))
        assert juesuan("findings").exception is error


def test_a_full_disk_is_said(monkeypatch):
    monkeypatch.setattr("assets.cli.current_settings", Mock(side_effect=OSError(28, "No space left on device")))
    assert "磁盘已满" in juesuan("findings").output


def test_sql_out_of_a_file_that_is_not_utf8(tmp_path):
    file = tmp_path / "q.sql"
    file.write_bytes("SELECT 单位".encode("gb18030"))
    refused = juesuan("sql", "-f", str(file))
    assert (refused.exit_code, f"{file} 不是 UTF-8" in refused.output) == (1, True)


@pytest.mark.parametrize("command", ["serve", "quack", "console", "dev"])
@pytest.mark.parametrize("port", ["0", "99999"])
def test_what_is_no_port_is_refused(command, port):
    assert juesuan(command, "--port", port).exit_code == 2


def test_a_port_in_use_is_said_and_nothing_is_promised(home, monkeypatch):
    monkeypatch.setenv("JUESUAN_HOME", str(home))
    with socket.create_server(("127.0.0.1", 0)) as taken:
        refused = juesuan("serve", "--port", str(taken.getsockname()[1]))
    assert (refused.exit_code, "端口已被占用" in refused.output, "网页在" in refused.output) == (1, True, False)


READERS = {".po": read_po, ".mo": read_mo}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["letters", "x"], "多出了参数：x"),
        (["letter"], "缺少参数 'UNIT'"),
        (["leters"], "没有命令“leters”。 是不是 'letter', 'letters'？"),
        (["letters", "--yaer", "1"], "没有选项“--yaer”。 是不是 '--year'？"),
        (["letters", "--year", "x"], "'--year' 的值有误：“x”不是数。"),
        (["letters", "--year"], "选项“--year”后面应有 1 个值。"),
        (["letters", "--format", "pdf"], "'--format' 的值有误：“pdf”不在可选的值之内：'docx', 'html', 'both'。"),
        (["serve", "--port", "0"], "'--port' 的值有误：0 不在允许的范围内（1<=x<=65535）。"),
        (["read", "/没有/此文件"], "'FILES...' 的值有误：没有“/没有/此文件”。"),
    ],
)
def test_a_command_that_is_not_understood_is_told_in_chinese(arguments, said):
    answer = juesuan(*arguments)
    assert answer.exit_code == 2
    assert answer.output.splitlines()[-1].rstrip(".") == f"错误：{said}"
    assert not re.search(r"Usage|Error|Try", answer.output)


def test_help_is_in_chinese():
    told = juesuan("letters", "--help").output
    assert [word in told for word in ("用法:", "选项:", "显示本说明。", "默认：docx")] == [True] * 4
    assert not re.search("Usage|Options:|Show|default", told)


def test_what_is_compiled_is_what_is_written():
    source = LOCALE / "zh_CN" / "LC_MESSAGES" / "messages.po"
    po, mo = (read(io.BytesIO(source.with_suffix(kind).read_bytes())) for kind, read in READERS.items())
    assert len(po) == len(mo) > 30
    written = [one for one in po if one.id]  # not the head
    assert [one.id for one in written if "".join(mo[one.id].string) != "".join(one.string)] == [], (
        "please run make words"
    )
