-- 单位新出现的支出科目
-- 主题：科目
-- 上年没有、本年有支出的项级科目（改名、改码前后的同一科目不算新）；上年的报告没有收集到的单位不列。金额单位万元。
-- $年度: 整数 = ; 决算年度，不写为最近一年
-- $单位: 文字 = ; 单位名称中的一段文字，不写为全部单位
SELECT s.单位, s.年度, s.范围, s.科目编码, s.科目名称, s.支出, s.页码, s.原页
FROM 决算.科目支出_万元 s
JOIN mart.report r USING (report_id)
WHERE s.分类 = '功能' AND s.级次 = 3 AND s.支出 <> 0
    AND s.年度 = coalesce($年度::INTEGER, (SELECT max(年度) FROM 决算.报告))
    AND ($单位::VARCHAR IS NULL OR contains(s.单位, $单位::VARCHAR))
    AND r.prior_id IS NOT NULL
    AND NOT EXISTS (
        FROM mart.subject p
        WHERE p.report_id = r.prior_id AND p.series = s.系列 AND p.kind = 'functional' AND p.amount <> 0
    )
    AND NOT EXISTS (
        FROM mart.subject p
        WHERE p.report_id = r.prior_id AND p.code = s.科目编码 AND p.kind = 'functional' AND p.amount <> 0
    )
ORDER BY s.支出 DESC, s.单位, s.科目编码
