-- 部门汇总与所属单位之和
-- 主题：核对
-- 部门汇总的本年支出，与收集到的所属单位（含本级）支出之和相比；所属单位没有收全、相互之间有往来的，两者本不相等。金额单位万元。
-- $年度: 整数 = ; 决算年度，不写为最近一年
WITH 各单位 AS (
    SELECT r.计入报告 AS report_id, sum(u.本年支出) AS 单位支出之和, count(*) AS 收集到的单位数
    FROM 决算.报告 r
    JOIN 决算.收支总额_万元 u USING (report_id)
    WHERE r.计入报告 IS NOT NULL
    GROUP BY ALL
)
SELECT d.单位 AS 部门, d.年度, d.范围, d.本年支出 AS 部门支出, 单位支出之和, d.本年支出 - 单位支出之和 AS 差额, 收集到的单位数, d.页码, d.原页
FROM 决算.收支总额_万元 d
JOIN 各单位 USING (report_id)
WHERE d.年度 = coalesce($年度::INTEGER, (SELECT max(年度) FROM 决算.报告))
ORDER BY abs(差额) DESC, 部门
