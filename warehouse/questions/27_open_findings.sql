-- 待处理的勾稽问题
-- 主题：核对
-- 没有改正、没有豁免的勾稽问题：错在哪里，多半是哪个数错了。
-- $年度: 整数 = ; 决算年度，不写为全部年度
-- $严重程度: 文字 = ; 错误、警告或提示，不写为全部
-- $行数: 整数 = 1000; 最多列出多少行
SELECT 单位, 年度, 范围, 严重程度, 勾稽关系, 名称, 说明, 所列, 应为, 差额, 报表, 页码, 首次发现, 原页, 网页
FROM 决算.问题
WHERE 待处理 AND ($年度::INTEGER IS NULL OR 年度 = $年度::INTEGER)
    AND ($严重程度::VARCHAR IS NULL OR 严重程度 = $严重程度::VARCHAR)
ORDER BY CASE 严重程度 WHEN '错误' THEN 1 WHEN '警告' THEN 2 ELSE 3 END, 年度 DESC, 单位, 勾稽关系
LIMIT $行数
