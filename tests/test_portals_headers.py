"""Names of files as servers send them."""

from urllib.parse import quote

import pytest

from pipeline.portals.headers import file_name

NAME = "澄川市气象局2024年度部门决算.pdf"


@pytest.mark.parametrize(
    "disposition",
    [
        f"attachment; filename*=UTF-8''{quote(NAME)}",
        f'attachment; filename="{quote(NAME)}"',
        f'attachment; filename="{NAME}"',
        f'attachment; filename="{NAME.encode().decode("latin-1")}"',
        f"attachment;filename={NAME.encode('gbk').decode('latin-1')}",
        f'inline; filename="C:\\\\reports\\\\{NAME}"',
    ],
    ids=["rfc6266", "percent", "decoded", "utf-8", "gbk", "path"],
)
def test_the_name_of_a_file_however_it_is_sent(disposition):
    assert file_name(disposition) == NAME


@pytest.mark.parametrize("disposition", ["", "attachment", 'attachment; filename=""', "filename"])
def test_a_header_without_a_name(disposition):
    assert file_name(disposition) == ""
