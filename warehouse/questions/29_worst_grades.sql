-- 评级最低的单位
-- 主题：核对
-- 各单位这一年度的评级和得分，从低到高；不评级的不列。
-- $年度: 整数 = ; 决算年度，不写为最近一年
-- $行数: 整数 = 20; 最多列出多少行
SELECT u.单位, u.年度, u.等级, u.得分, sum(r.错误级不成立) AS 错误级不成立, sum(r.错误级已改正) AS 错误级已改正,
    sum(r.警告级不成立) AS 警告级不成立, max(r.逾期天数) AS 逾期天数, u.未公开报告数
FROM 决算.评级 u
LEFT JOIN 决算.评级 r ON r.对象 = '报告' AND r.单位 = u.单位 AND r.年度 = u.年度
WHERE u.对象 = '单位' AND u.年度 = coalesce($年度::INTEGER, (SELECT max(年度) FROM 决算.报告)) AND u.得分 IS NOT NULL
GROUP BY u.单位, u.年度, u.等级, u.得分, u.未公开报告数
ORDER BY u.得分, u.单位
LIMIT $行数
