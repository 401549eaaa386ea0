-- 更换过文件的报告
-- 主题：公开
-- 先后公开过不同文件的报告：各个版本的文件、公开日期和抓取时间。
-- $年度: 整数 = ; 决算年度，不写为全部年度
SELECT f.单位, f.年度, r.范围, f.版本号, f.状态, f.文件, f.发布日期, f.抓取时间, f.页数
FROM 决算.文件 f
JOIN 决算.报告 r USING (report_id)
WHERE r.版本数 > 1 AND ($年度::INTEGER IS NULL OR f.年度 = $年度::INTEGER)
ORDER BY f.单位, f.年度, r.范围, f.版本号
