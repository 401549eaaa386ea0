-- 每百人公务用车数
-- 主题：三公经费
-- 按实有人数（没有写明的按编制数）计算每百人有多少辆公务用车。
-- $年度: 整数 = ; 决算年度，不写为最近一年
SELECT t.单位, t.年度, t.范围, p.人数, t.车辆保有量, round(100 * t.车辆保有量 / p.人数, 1) AS 每百人车辆, t.页码, t.原页
FROM 决算.三公经费 t
JOIN 决算.人均支出 p USING (report_id)
WHERE t.年度 = coalesce($年度::INTEGER, (SELECT max(年度) FROM 决算.报告)) AND p.人数 > 0 AND t.车辆保有量 IS NOT NULL
ORDER BY 每百人车辆 DESC, t.单位, t.范围
