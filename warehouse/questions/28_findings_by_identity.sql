-- 哪些勾稽关系最常出错
-- 主题：核对
-- 按勾稽关系统计待处理的问题数和涉及的单位数。
-- $年度: 整数 = ; 决算年度，不写为全部年度
SELECT 勾稽关系, 名称, 严重程度, count(*) AS 问题数, count(DISTINCT 单位) AS 单位数, string_agg(DISTINCT 单位, '、' ORDER BY 单位) AS 单位
FROM 决算.问题
WHERE 待处理 AND ($年度::INTEGER IS NULL OR 年度 = $年度::INTEGER)
GROUP BY ALL
ORDER BY 问题数 DESC, 勾稽关系
