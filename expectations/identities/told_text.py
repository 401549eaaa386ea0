"""NT: words that should not be there. Placeholders, template text, doubled characters, other years and other units."""

from __future__ import annotations

from expectations.counterparts import PRINTED
from expectations.model import Identity, Predicate, Severity
from pipeline.narrative.topics import TOPICS

FAMILY = "情况说明：文字"

_PROSE = """
    WITH prose AS (
        SELECT s.report_id, s.section, s.topic, s.part, s.level, s.page, s.title,
            regexp_replace(concat(s.title, chr(10), s.text), '[ \\t　]', '', 'g') AS text
        FROM core.section s
    ), found AS (
        SELECT report_id, topic, page, title,
            unnest(regexp_extract_all(text, '{before}(?:{pattern}){after}')) AS piece,
            regexp_extract(piece, '{pattern}') AS word
        FROM prose WHERE {where}
    )
    -- the same words left standing are one mistake, wherever they are
    SELECT report_id, '' AS form, word AS instance, '' AS line, '' AS measure, NULL AS reason,
        format('“{{}}”（第{{}}页起“{{}}”一节“{{}}”{{}}）', word, min(page), arg_min(title, page), arg_min(piece, page),
            if(count(*) > 1, format('等{{}}处', count(*)), '')) AS detail
    FROM found
    GROUP BY report_id, word
"""
_BEFORE, _AFTER = "[^\\n。；]{0,12}", "[^\\n。；]{0,12}[。；]?"


_OFTEN = (
    "年初预算 支出决算 支出预算 支出决算为 决算数 预算数 主要原因 其中： 其中 增加 减少 "
    "增长 下降 财政拨款 一般公共预算 政府性基金 国有资本经营 基本支出 项目支出 本年度 "
    "年度 共有车辆 公务用车 公务接待费 因公出国 机关运行经费 政府采购 人员经费 公用经费 "
    "本单位 本部门 完成 主要用于 用于 由于 因为 大于 小于 持平 情况说明 绩效自评 万元"
)
"""What such a text is made of. 支出, 收入 and 经费 rightly meet: 住房保障支出支出10万元."""

_DOUBLED = "|".join((
    *(word + word for word in _OFTEN.split()), "的的[^确]", "元万元", "万万元", "[0-9]元元",
    "。。", "，，", "、、", "；；", "：：", "%%", "％％", "年年度",
))  # fmt: skip


def _words(pattern: str, where: str = "topic <> ''") -> Predicate:
    """Each piece of the sections `where` that has the `pattern` (RE2), with a few characters around it."""
    text = _PROSE.format(pattern=pattern, before=_BEFORE, after=_AFTER, where=where)
    return Predicate(text)


IDENTITIES = (
    Identity(
        "NT-01",
        FAMILY,
        Severity.WARNING,
        "没有未填写的占位符（XX、××、某某、＊＊）",
        "情况说明中有未填写的内容{detail}。",
        predicate=_words(
            "[XＸ×]{2,}|x{2,}(?:万元|元|年|月|日|%|％|个|辆|次|人|批|台|项|单位|部门|局|委|中心|支出|项目)"
            "|某某|[＊*]{2,}|_{3,}|＿{2,}|○{2,}(?:年|万元|元|局|单位)|〔〕|【】",
            "part IN (1, 3) OR topic <> ''",
        ),
    ),
    Identity(
        "NT-02",
        FAMILY,
        Severity.WARNING,
        "没有模板中未选择、未删除的文字（增加（减少）、增加/减少、如有、列明）",
        "情况说明中留有未删改的模板文字{detail}。",
        predicate=_words(
            "增加[（(](?:或)?减少[）)]|增长[（(](?:或)?(?:下降|降低|减少)[）)]|减少[（(](?:或)?增加[）)]|上升[（(]下降[）)]"
            "|增加[/／]减少|增长[/／](?:下降|降低)|减少[/／]增加|大于[（(/／]小于|高于[（(/／]低于|持平[/／]"
            "|[（(]如有[）)]|[（(]如无[^）)\\n]{0,12}[）)]|[（(]如没有[^）)\\n]{0,12}[）)]|如持平|请?(?:逐项|具体|分项)列明"
            "|[（(](?:此处|请)[^）)\\n]{1,24}[）)]|局[（(]部、委、办[）)]",
        ),
    ),
    Identity(
        "NT-03",
        FAMILY,
        Severity.INFORMATION,
        "没有重复的字词和标点",
        "情况说明中字词或标点重复{detail}。",
        predicate=_words(_DOUBLED),
    ),
    Identity(
        "NT-04",
        FAMILY,
        Severity.WARNING,
        "与上年比较的年份是决算年度的上一年",
        "{form}中{subject}{detail}。",
        predicate=Predicate(
            """
            SELECT c.report_id, c.topic AS form, c.topic || ':' || c.line || ':' || c.measure AS instance, c.line,
                c.measure, NULL AS reason,
                format('与{}年比较（第{}页），应与{}年比较', c.year, min(c.page), r.fiscal_year - 1) AS detail
            FROM core.claim c
            JOIN core.report r USING (report_id)
            WHERE c.year IS NOT NULL AND c.topic <> '' AND c.line <> '' AND c.measure IN ('change', 'rate', 'prior')
                -- one sentence, one finding
                AND NOT (c.measure = 'rate' AND EXISTS (
                    FROM core.claim o
                    WHERE o.report_id = c.report_id AND o.topic = c.topic AND o.line = c.line AND o.measure = 'change'
                        AND o.year = c.year))
            GROUP BY c.report_id, c.topic, c.line, c.measure, c.year, r.fiscal_year
            -- a text may look back further as well, beside the year before
            HAVING c.year <> r.fiscal_year - 1 AND NOT EXISTS (
                FROM core.claim o
                WHERE o.report_id = c.report_id AND o.topic = c.topic AND o.line = c.line AND o.measure = c.measure
                    AND o.year = r.fiscal_year - 1)
            """,
            forms=tuple(TOPICS),
        ),
    ),
    Identity(
        "NT-05",
        FAMILY,
        Severity.WARNING,
        "标题和语句所说的年度是决算年度",
        "{detail}。",
        predicate=Predicate(
            f"""
            WITH said AS (
                SELECT s.report_id, s.topic, s.page, s.title AS words,
                    unnest(regexp_extract_all(regexp_replace(s.title, '\\s', '', 'g'), '20[0-9]{{2}}年')) AS year
                FROM core.section s
                WHERE (s.topic <> '' OR s.part IN (2, 3)) AND s.level <= 2 AND length(s.title) <= 60
                    AND NOT regexp_matches(s.title, '[，。；：:]|20[0-9]{{2}}年.*20[0-9]{{2}}年')
                UNION ALL
                -- at its start a sentence says of which year it is; 20XX年初, 年底, 年以来 are moments
                SELECT report_id, topic, page, sentence,
                    regexp_extract(regexp_replace(sentence, '\\s', '', 'g'),
                        '^[^，。；：、比较与同从自由因至不无上]{{0,30}}?'
                            || '(20[0-9]{{2}}年)(?:度|[^初末底中前后以来来至到起])', 1)
                FROM (
                    SELECT DISTINCT report_id, topic, page, sentence FROM core.claim JOIN core.report USING (report_id)
                    -- which puts two years beside each other names its own as well
                    WHERE topic NOT IN ('', 'told_performance') AND line <> ''
                        AND NOT contains(sentence, fiscal_year || '年') AND (
                        measure IN ('final', 'initial_budget', 'full_budget', 'budget')
                        OR (measure = 'none' AND topic IN ('told_fund', 'told_capital')))
                )
                UNION ALL
                -- this year's number, called last year's
                SELECT c.report_id, c.topic, c.page, c.sentence, (r.fiscal_year - 1) || '年'
                FROM core.claim c
                JOIN core.report r USING (report_id)
                JOIN ({PRINTED}) p ON p.report_id = c.report_id AND p.topic = c.topic AND p.line = c.line
                LEFT JOIN core.told t ON t.report_id = c.report_id AND t.form = c.topic AND t.line = c.line
                    AND t.measure = 'change'
                LEFT JOIN core.told f ON f.report_id = c.report_id AND f.form = c.topic AND f.line = c.line
                    AND f.measure = 'final'
                WHERE c.measure = 'prior' AND p.amount <> 0
                    AND 2 * abs(c.value - p.amount) <= c.precision + p.precision
                    -- the two years may be the same
                    AND coalesce(2 * abs(t.amount) > c.precision + p.precision, f.amount IS NULL)
            )
            SELECT s.report_id, s.topic AS form, concat_ws(':', s.page, s.words) AS instance, '' AS line,
                '' AS measure, NULL AS reason,
                format('第{{}}页“{{}}”写的是{{}}，决算年度是{{}}年', s.page,
                    if(length(s.words) > 40, s.words[:40] || '……', s.words), s.year, r.fiscal_year) AS detail
            FROM (SELECT DISTINCT * FROM said WHERE year <> '') s
            JOIN core.report r USING (report_id)
            WHERE s.year <> r.fiscal_year || '年'
            """,
        ),
    ),
    Identity(
        "NT-06",
        FAMILY,
        Severity.WARNING,
        "标题和语句中的单位名称是本单位",
        "{detail}。",
        predicate=Predicate(
            """
            WITH said AS (
                SELECT s.report_id, s.topic, s.page, s.title AS words,
                    regexp_extract(regexp_replace(s.title, '\\s', '', 'g'),
                        '^(?:第[一二三四五]部分)?[：:、]?'
                            || '([^0-9，。；：“”（）]{2,20}[^，。；：“”]{0,20}?)20[0-9]{2}年', 1) AS name
                FROM core.section s WHERE s.level <= 1 AND s.part IN (2, 3)
                UNION ALL
                SELECT report_id, topic, page, sentence,
                    regexp_extract(regexp_replace(sentence, '\\s', '', 'g'),
                        '^([^0-9，。；：“”（）]{2,20}[^，。；：“”]{0,20}?)20[0-9]{2}年', 1)
                FROM (SELECT DISTINCT report_id, topic, page, sentence FROM core.claim WHERE topic <> '')
            ), named AS (
                SELECT s.*, r.unit, r.department,
                    regexp_replace(s.name, '[（）()“”·]|本级|机关$|部门$|单位$', '', 'g') AS bare,
                    regexp_replace(r.unit, '[（）()“”·]|本级|机关$|部门$|单位$', '', 'g') AS own
                FROM said s JOIN core.report r USING (report_id)
                -- the name of an institution, not 本单位, 全年, 截至 or any other words before the year
                WHERE regexp_matches(s.name,
                    '(?:局|委|委员会|办公室|中心|厅|部|院|校|学校|站|所|队|馆|会|处|法院|社|台|署|中学|小学|园)$')
                    AND NOT regexp_matches(s.name,
                        '^(?:本|我|该|全|各|其)|[与和同比较]|单位$|部门$|所属|下属|国库|财政部$')
            )
            SELECT report_id, topic AS form, concat_ws(':', page, bare) AS instance, '' AS line, '' AS measure,
                NULL AS reason,
                format('第{}页写的单位是“{}”，本报告的单位是“{}”', page, any_value(name), any_value(unit)) AS detail
            FROM named n
            WHERE NOT contains(own, bare) AND NOT contains(bare, own)
                AND NOT contains(coalesce(department, ''), bare)
                AND NOT EXISTS (
                    FROM core.covered_unit u WHERE u.report_id = n.report_id AND contains(u.name, n.bare))
            GROUP BY report_id, topic, page, bare
            UNION ALL
            -- half of a name left over: this unit's kind with another place, or its place and half of its kind
            SELECT report_id, any_value(topic), name, '', '', NULL,
                format('第{}页起“{}”一节写的是“{}”，本报告的单位是“{}”', min(page), arg_min(title, page), name,
                    any_value(unit))
            FROM (
                SELECT report_id, topic, page, title, unit, department, unnest(
                    regexp_extract_all(text,
                        '(?:^|[。；\\n]|20[0-9]{2}年度?，?|日，)('
                        || '[\\x{4e00}-\\x{9fff}]{2}[市县区旗州]' || unit[4:] || ')', 1)
                    || regexp_extract_all(text, unit[:-3]
                        || '[\\x{4e00}-\\x{9fff}]{0,3}?(?:局|办公室|中心|委员会|厅)')
                ) AS name
                FROM (
                    SELECT s.report_id, s.topic, s.page, s.title, r.unit, r.department,
                        regexp_replace(s.text, '\\s', '', 'g') AS text, replace(text, r.unit, '') AS others
                    FROM core.section s JOIN core.report r USING (report_id)
                    WHERE s.topic <> '' AND length(r.unit) >= 7 AND r.unit[3:3] IN ('市', '县', '区', '旗', '州')
                        AND regexp_full_match(r.unit, '[\\x{4e00}-\\x{9fff}0-9]+')
                )
                -- an expression made of a column is compiled for every row
                WHERE contains(others, unit[4:]) OR contains(others, unit[:-3])
            ) n
            -- the stem of the name with another ending is another institution of the same field
            WHERE name <> unit AND NOT contains(name, unit[:-2]) AND NOT contains(unit, name)
                AND NOT contains(coalesce(department, ''), name)
                AND NOT EXISTS (
                    FROM core.covered_unit u WHERE u.report_id = n.report_id AND contains(u.name, n.name))
            GROUP BY report_id, name
            """,
        ),
    ),
)
