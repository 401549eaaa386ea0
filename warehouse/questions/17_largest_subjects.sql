-- 支出最大的科目
-- 主题：科目
-- 全部单位合计（不重复计算）支出最大的功能科目；级次 1 为类、2 为款、3 为项。金额单位万元。
-- $年度: 整数 = ; 决算年度，不写为最近一年
-- $级次: 整数 = 3; 1 类、2 款、3 项
-- $行数: 整数 = 20; 最多列出多少行
SELECT 年度, 科目编码, 科目名称, 类名称, sum(支出) AS 支出, sum(基本支出) AS 基本支出, sum(项目支出) AS 项目支出,
    sum(计入报告数)::INTEGER AS 报告数
FROM 决算.科目合计_万元
WHERE 分类 = '功能' AND 年度 = coalesce($年度::INTEGER, (SELECT max(年度) FROM 决算.报告)) AND 级次 = $级次
GROUP BY ALL
ORDER BY 支出 DESC, 科目编码
LIMIT $行数
