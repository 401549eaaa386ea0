"""PL: what is possible but most likely not meant. All of it is information, and nothing is said of small amounts."""

from __future__ import annotations

from expectations.model import Identity, Predicate, Severity, Whose
from expectations.vocabulary import T2, T3, T5, T6, TF, TS

FAMILY = "合理性"

PL01 = Identity(
    "PL-01",
    FAMILY,
    Severity.INFORMATION,
    "“其他”科目（编码末两位为99）不超过一半：项目支出，商品和服务支出",
    "{form}{detail}，超过一半，请核对是否应列入具体科目。",
    predicate=Predicate(
        """
        WITH spent AS (
            -- running costs of a unit without a subject of its own rightly stand under 其他: only projects count
            SELECT report_id, form, measure, line, '201' AS above, amount,
                line[4:5] = '99' OR line[6:7] = '99' AS is_other
            FROM core.cell WHERE form = 'general_budget' AND measure = 'project' AND level = 3 AND amount > 0
            UNION ALL
            SELECT report_id, form, measure, line, '302', amount, line = '30299'
            FROM core.cell
            WHERE form = 'basic_expenditure' AND level = 2 AND line LIKE '302%' AND amount > 0
        )
        SELECT report_id, form, form AS instance, max_by(line, amount) FILTER (is_other) AS line, measure,
            NULL AS reason,
            format('“其他”科目合计{:,.2f}万元，占' || if(form = 'general_budget', '项目支出', '302商品和服务支出')
                || '{:,.2f}万元的{:.0f}%', (sum(amount) FILTER (is_other) / 10000)::DOUBLE,
                (sum(amount) / 10000)::DOUBLE, (100 * sum(amount) FILTER (is_other) / sum(amount))::DOUBLE) AS detail
        FROM spent
        GROUP BY report_id, form, measure, above
        HAVING count(*) >= 3 AND sum(amount) >= 1000000 AND 2 * sum(amount) FILTER (is_other) > sum(amount)
        """,
        forms=(T5, T6),
    ),
)

PL02 = Identity(
    "PL-02",
    FAMILY,
    Severity.INFORMATION,
    "金额与上年相比没有整体相差约一万倍（元与万元混淆）",
    "{detail}，可能混淆了元与万元，请核对金额单位。",
    predicate=Predicate(
        """
        WITH compared AS (
            SELECT r.report_id, m.form, count(*) AS cells, median((n.amount / p.amount)::DOUBLE) AS times
            FROM related r
            JOIN cell n ON n.report_no = r.report_no
            JOIN cell p ON p.report_no = r.other_no AND p.column_no = n.column_no AND p.line_no = n.line_no
            JOIN money_column m ON m.column_no = n.column_no
            WHERE r.whose = 'last_year' AND m.measure IN ('amount', 'total') AND n.amount > 0 AND p.amount > 0
            GROUP BY ALL
            HAVING count(*) >= 5
        ), sized AS (
            SELECT *, round(log10(times) / 4) AS power,
                -- half a power of ten for what really changed
                abs(log10(times) - 4 * round(log10(times) / 4)) < 0.7 AND round(log10(times) / 4) <> 0 AS is_off
            FROM compared
        ), whole AS (
            SELECT report_id, min_by(form, -cells) AS form, max(power) AS power FROM sized
            GROUP BY report_id HAVING count(*) > 1 AND bool_and(is_off) AND min(power) = max(power)
        )
        SELECT report_id, form, 'report' AS instance, '' AS line, '' AS measure, NULL AS reason,
            '整份决算的金额约为上年决算的' || if(power > 0, '一万倍', '一万分之一') AS detail
        FROM whole
        UNION ALL
        SELECT s.report_id, s.form, s.form, '', '', NULL,
            '《' || f.title || '》的金额约为上年决算的' || if(s.power > 0, '一万倍', '一万分之一')
        FROM sized s JOIN ref.form f USING (form)
        WHERE s.is_off AND s.report_id NOT IN (SELECT report_id FROM whole)
        UNION ALL
        SELECT report_id, '', '', '', '', 'related_unread', ''
        FROM related WHERE whose = 'last_year' AND report_id NOT IN (SELECT report_id FROM compared)
        """,
        whose=Whose.LAST_YEAR,
    ),
)

PL03 = Identity(
    "PL-03",
    FAMILY,
    Severity.INFORMATION,
    "没有关联的两个科目，金额不相同",
    "{form}{subject}{measure}为{stated}，{detail}，请核对是否重复填列。",
    predicate=Predicate(
        """
        WITH repeated AS (
            SELECT l.report_no, l.column_no, l.amount
            FROM cell l JOIN money_column m USING (column_no)
            WHERE l.is_leaf AND l.amount > 0 AND l.amount % 10000 <> 0
                AND m.form IN ('income', 'expenditure', 'general_budget', 'basic_expenditure', 'government_fund',
                    'state_capital')
            GROUP BY ALL HAVING count(*) > 1
        ), leaves AS (
            SELECT report_no, column_no, count(*) AS leaves FROM cell
            SEMI JOIN repeated USING (report_no, column_no)
            WHERE is_leaf AND amount > 0
            GROUP BY ALL
        ), telling AS (
            -- by chance two of so many numbers are the same in less than one of a thousand columns; round ones
            -- often are
            SELECT l.* FROM cell l
            SEMI JOIN repeated USING (report_no, column_no, amount)
            JOIN leaves n USING (report_no, column_no)
            WHERE l.is_leaf AND 2 * l.amount > 1000 * n.leaves * (n.leaves - 1) * l.precision
                AND length(rtrim((l.amount / nullif(l.precision, 0))::BIGINT::VARCHAR, '0')) >= 5
        ), same AS (
            SELECT report_no, column_no, list(line ORDER BY line) AS lines
            FROM telling JOIN line USING (line_no)
            GROUP BY report_no, column_no, amount
        ), pairs AS (
            -- what is the same in several tables is most likely true
            SELECT report_no, lines, any_value(m.form) AS form, min_by(m.measure, column_no) AS measure
            FROM same JOIN money_column m USING (column_no)
            GROUP BY ALL HAVING count(DISTINCT m.form) = 1
        )
        SELECT r.report_id, form, form || ':' || array_to_string(lines, '=') AS instance, lines[-1] AS line, measure,
            NULL AS reason, '与科目' || array_to_string(lines[:-2], '、') || '完全相同' AS detail
        FROM pairs JOIN report r USING (report_no)
        """,
        forms=(T2, T3, T5, T6, TF, TS),
    ),
)

_WARM = (
    "广东 广州市 深圳市 珠海市 汕头市 佛山市 韶关市 湛江市 肇庆市 江门市 茂名市 惠州市 "
    "梅州市 汕尾市 河源市 阳江市 清远市 东莞市 中山市 潮州市 揭阳市 云浮市 广西 南宁市 "
    "柳州市 桂林市 梧州市 北海市 防城港市 钦州市 贵港市 玉林市 百色市 贺州市 河池市 来宾市 "
    "崇左市 海南 海口市 三亚市 三沙市 儋州市 福建 福州市 厦门市 莆田市 三明市 泉州市 漳州市 "
    "南平市 龙岩市 宁德市"
)
"""The provinces in which nobody is heated, and their cities. 海南 alone would also be a prefecture of 青海."""
_SOUTH = "|".join(name for name in _WARM.split() if name != "海南") + "|海南省"

PL04 = Identity(
    "PL-04",
    FAMILY,
    Severity.INFORMATION,
    "南方的单位没有取暖费",
    "{form}{subject}为{stated}，而单位在不供暖的地区，请核对。",
    predicate=Predicate(
        f"""
        WITH place AS (
            SELECT report_id, regexp_matches(coalesce(region, ''), '^({_SOUTH})')
                OR regexp_matches(unit, '^({_SOUTH})') AS is_warm FROM core.report
        )
        SELECT p.report_id, c.form, c.line AS instance, c.line, c.measure, NULL AS reason, '' AS detail
        FROM place p
        JOIN core.cell c USING (report_id)
        WHERE p.is_warm AND c.form = 'basic_expenditure' AND c.line = '30208' AND c.amount >= 10000
        UNION ALL
        SELECT report_id, 'basic_expenditure', '', '', '', 'condition', '' FROM place WHERE NOT is_warm
        """,
        forms=(T6,),
    ),
)
