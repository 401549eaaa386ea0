-- 经济分类支出最多的款
-- 主题：科目
-- 一般公共预算财政拨款基本支出按经济分类款级科目合计（不重复计算），从多到少。金额单位万元。
-- $年度: 整数 = ; 决算年度，不写为最近一年
-- $行数: 整数 = 20; 最多列出多少行
SELECT 年度, 科目编码, 科目名称, 类名称, sum(支出) AS 支出, sum(计入报告数)::INTEGER AS 报告数
FROM 决算.科目合计_万元
WHERE 分类 = '经济' AND 年度 = coalesce($年度::INTEGER, (SELECT max(年度) FROM 决算.报告)) AND 级次 = 2
GROUP BY ALL
ORDER BY 支出 DESC, 科目编码
LIMIT $行数
