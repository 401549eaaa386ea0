"""The cookbook as a document: every question with its parameters and its SQL, as Markdown."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from warehouse.questions.load import questions

if TYPE_CHECKING:
    from warehouse.questions.load import Parameter, Question

_INTRODUCTION = """# 常见问题

由 `python -m warehouse.questions.book > docs/cookbook.zh-CN.md` 生成，请勿手改。
问题在 warehouse/questions 中，一个文件一个。

每个问题都可以在网页“查询”中打开，或者在命令行中回答，参数用 -p 给出，缺省的可以不写：

```sh
juesuan questions                                          # 全部问题
juesuan sql --question carry_over -p 年度=2024 -p 百分点=10   # 显示
juesuan sql --question carry_over -o 结转结余.xlsx            # 写成 Excel，也可以是 .csv、.parquet、.json
```

SQL 中的 `$名称` 是参数，查询时作为数值代入，不是拼成文字。自己改写时，可以直接写上数值。各表的栏目见 dictionary.md。
答案中的“原页”是报告原文那一页在查询网页中的地址。
"""


def book() -> str:
    """All questions by theme, in their order."""
    parts = [_INTRODUCTION]
    for theme, group in groupby(questions().values(), key=lambda one: one.theme):
        parts.append(f"## {theme}\n")
        parts += [_entry(one) for one in group]
    return "\n".join(parts)


def _entry(one: Question) -> str:
    lines = [f"### {one.title}", "", f"`{one.key}`：{one.text}", ""]
    if one.parameters:
        lines += [*map(_line, one.parameters), ""]
    return "\n".join((*lines, "```sql", one.sql, "```", ""))


def _line(parameter: Parameter) -> str:
    default = f"，缺省 {parameter.default}" if parameter.default else ""
    return f"* `{parameter.name}`（{parameter.kind}{default}）：{parameter.text}"


if __name__ == "__main__":
    print(book(), end="")
