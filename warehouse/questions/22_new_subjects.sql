-- 单位新出现的支出科目
-- 主题：科目
-- 上年没有、本年有支出的项级科目（改名、改码前后的同一科目不算新）；上年的报告没有收集到的单位不列。金额单位万元。
-- $年度: 整数 = ; 决算年度，不写为最近一年
-- $单位: 文字 = ; 单位名称中的一段文字，不写为全部单位
SELECT 单位, 年度, 范围, 科目编码, 科目名称, 支出, 页码, 原页
FROM 决算.科目支出_万元
WHERE 分类 = '功能' AND 级次 = 3 AND 支出 <> 0 AND NOT 上年有
    AND 年度 = coalesce($年度::INTEGER, (SELECT max(年度) FROM 决算.报告))
    AND ($单位::VARCHAR IS NULL OR contains(单位, $单位::VARCHAR))
ORDER BY 支出 DESC, 单位, 科目编码
