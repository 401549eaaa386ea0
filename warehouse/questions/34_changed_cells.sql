-- 更换文件后改了哪些数
-- 主题：公开
-- 同一份报告前后两个版本中不同的金额：哪张表、哪一行、哪一栏，由多少改为多少。金额单位元。
-- $年度: 整数 = ; 决算年度，不写为全部年度
-- $单位: 文字 = ; 单位名称中的一段文字，不写为全部单位
WITH 更换 AS MATERIALIZED (
    SELECT n.report_id, n.version_no, n.document AS 现文件, o.document AS 原文件
    FROM core.version n
    JOIN core.version o ON o.report_id = n.report_id AND o.version_no = n.version_no - 1
), 现 AS MATERIALIZED (
    SELECT * FROM core.fact WHERE document IN (SELECT 现文件 FROM 更换)
), 原 AS MATERIALIZED (
    SELECT * FROM core.fact WHERE document IN (SELECT 原文件 FROM 更换)
)
SELECT r.单位, r.年度, r.范围, n.version_no AS 版本号, f.title AS 报表, coalesce(a.label, b.label) AS 行,
    m.title AS 栏, b.amount AS 原数, a.amount AS 现数, a.amount - b.amount AS 改动, a.page AS 页码,
    '/documents/' || n.现文件 || '/pages/' || a.page AS 原页
FROM 更换 n
JOIN 决算.报告 r ON r.report_id = n.report_id
JOIN 现 a ON a.document = n.现文件
JOIN 原 b ON b.document = n.原文件 AND b.form = a.form AND b.line = a.line AND b.measure = a.measure
    AND b.row_no = a.row_no
LEFT JOIN ref.form f ON f.form = a.form
LEFT JOIN ref.form_measure m ON m.form = a.form AND m.measure = a.measure
WHERE a.amount <> b.amount AND ($年度::INTEGER IS NULL OR r.年度 = $年度::INTEGER)
    AND ($单位::VARCHAR IS NULL OR contains(r.单位, $单位::VARCHAR))
ORDER BY r.单位, r.年度, n.version_no, a.form, a.row_no, a.measure
