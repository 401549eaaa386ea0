"""Who is in the sample city: its budget units and what kind of money each one handles."""

from __future__ import annotations

from dataclasses import dataclass

CITY = "澄川市"
BUREAU = "澄川市文化和旅游局"
HOTLINE = "柳州市12345政务服务热线管理中心"


@dataclass(frozen=True, slots=True)
class Project:
    """Project money from one of the three budgets. `size` is a range in 万元; `carry` says that some of it stays."""

    code: str
    size: tuple[float, float]
    pool: str = "general"
    carry: bool = False


@dataclass(frozen=True, slots=True)
class OwnMoney:
    """Money that is not fiscal appropriation: where it comes from and on what it is spent.

    `source` is a measure of the income table, `spent` maps measures of the expenditure table to shares of the
    income. Shares may add up to less than 1 (the rest is carried over or distributed) or to more (then the unit
    uses its non-fiscal surplus).
    """

    code: str
    source: str
    size: tuple[float, float]
    spent: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Unit:
    """One budget unit. `kind` is 行政, 参公 or 事业; `running` the 项 of its running costs."""

    key: str
    name: str
    code: str
    kind: str
    staff: int
    running: str
    department: str
    duty: str
    projects: tuple[Project, ...]
    own: tuple[OwnMoney, ...] = ()
    distributes: bool = False
    vehicles: int = 0
    abroad: bool = False
    pay: float = 1.0
    contract_staff: int = 0

    @property
    def institution(self) -> bool:
        return self.kind == "事业"


UNITS: tuple[Unit, ...] = (
    Unit(
        "bureau",
        BUREAU,
        "301001",
        "行政",
        46,
        "2070101",
        BUREAU,
        "文化、旅游、广播电视和文物工作的行业管理",
        (
            Project("2070102", (40, 90)),
            Project("2070108", (80, 240), carry=True),
            Project("2070113", (120, 300)),
            Project("2070204", (60, 160), carry=True),
            Project("2070904", (30, 60), pool="fund", carry=True),
        ),
        (
            OwnMoney("2070199", "other_income", (60, 90), (("affiliate_subsidy", 0.5), ("project", 0.3))),
            OwnMoney("2070102", "affiliate_remittance", (20, 40), (("project", 0.8),)),
        ),
        vehicles=3,
        abroad=True,
    ),
    Unit(
        "hall",
        "澄川市群众文化馆",
        "301002",
        "事业",
        28,
        "2070109",
        BUREAU,
        "群众文化活动的组织、辅导和民间文艺的收集整理",
        (Project("2070109", (30, 80)), Project("2070111", (10, 40), carry=True)),
        (
            OwnMoney("2070109", "superior_subsidy", (30, 45), (("project", 1.0),)),
            OwnMoney("2070109", "other_income", (3, 9), (("basic", 0.7),)),
        ),
        vehicles=1,
    ),
    Unit(
        "library",
        "澄川市少年儿童图书馆",
        "301003",
        "事业",
        34,
        "2070104",
        BUREAU,
        "少年儿童文献的收藏、借阅和阅读推广",
        (Project("2070104", (90, 180)), Project("2070199", (5, 15))),
    ),
    Unit(
        "theatre",
        "澄川市地方戏曲演艺中心",
        "301004",
        "事业",
        61,
        "2070107",
        BUREAU,
        "地方戏曲的创作、演出和人才培养",
        (Project("2070107", (100, 260), carry=True), Project("2070111", (20, 70))),
        (
            OwnMoney(
                "2070107",
                "institution_income",
                (300, 480),
                (("basic", 0.55), ("project", 0.3), ("payment_to_superior", 0.07)),
            ),
            OwnMoney("2070199", "operating_income", (60, 110), (("operating", 0.9),)),
        ),
        distributes=True,
        vehicles=2,
    ),
    Unit(
        "hotline",
        HOTLINE,
        "103007",
        "参公",
        7,
        "2010399",
        "柳州市人民政府办公室",
        "受理市民的咨询、求助、投诉、举报和建议",
        (
            Project("2010301", (70, 100)),
            Project("2010302", (60, 95)),
            Project("2010399", (15, 32)),
            Project("2120899", (4, 9), pool="fund"),
        ),
        contract_staff=100,
    ),
    Unit(
        "petition",
        "澄川市人民来访接待服务中心",
        "118002",
        "参公",
        19,
        "2014001",
        "澄川市信访工作办公室",
        "群众来信来访的接待、登记和转办",
        (Project("2014004", (60, 130)), Project("2014099", (10, 30))),
        vehicles=1,
    ),
    Unit(
        "patrol",
        "澄川市城市管理巡查支队",
        "217003",
        "参公",
        88,
        "2120104",
        "澄川市城市管理和市政局",
        "市容环境卫生、市政设施和户外广告的巡查执法",
        (
            Project("2120104", (200, 400), carry=True),
            Project("2120399", (300, 700), carry=True),
            Project("2120803", (600, 1500), pool="fund", carry=True),
            Project("2120899", (40, 120), pool="fund"),
        ),
        vehicles=21,
    ),
    Unit(
        "stateowned",
        "澄川市国有企业改革服务中心",
        "125002",
        "事业",
        15,
        "2150799",
        "澄川市国有资产监督管理办公室",
        "国有企业改革的政策咨询和历史遗留问题的处理",
        (
            Project("2150702", (30, 60)),
            Project("2230107", (400, 900), pool="capital", carry=True),
            Project("2230199", (60, 200), pool="capital"),
            Project("2239999", (20, 80), pool="capital", carry=True),
        ),
    ),
    Unit(
        "road",
        "澄川市公路养护管理处",
        "214005",
        "事业",
        640,
        "2140106",
        "澄川市交通运输管理局",
        "国省干线公路的养护、抢修和安全管理",
        (
            Project("2140104", (90_000, 260_000), carry=True),
            Project("2140106", (20_000, 42_000), carry=True),
            Project("2140110", (1_500, 4_000), carry=True),
            Project("2120804", (3_000, 9_000), pool="fund", carry=True),
        ),
        (OwnMoney("2140199", "other_income", (300, 900), (("project", 0.7),)),),
        vehicles=58,
    ),
    Unit(
        "school",
        "澄川市梧桐路实验小学",
        "205018",
        "事业",
        156,
        "2050202",
        "澄川市教育事务局",
        "小学学历教育和课后服务",
        (Project("2050202", (150, 320), carry=True), Project("2050904", (20, 60)), Project("2050803", (4, 12))),
        (OwnMoney("2050202", "institution_income", (90, 160), (("basic", 0.35), ("project", 0.9))),),
    ),
    Unit(
        "agriculture",
        "澄川市农业技术推广站",
        "213009",
        "事业",
        37,
        "2130104",
        "澄川市农业农村工作局",
        "农作物新品种、新技术的试验、示范和推广",
        (Project("2130106", (50, 140), carry=True), Project("2130122", (200, 480), carry=True)),
        (
            OwnMoney("2130106", "institution_income", (40, 70), (("project", 1.25),)),
            OwnMoney("2130199", "operating_income", (20, 34), (("operating", 0.6),)),
        ),
        distributes=True,
        vehicles=2,
    ),
    Unit(
        "rescue",
        "澄川市应急救援指挥保障中心",
        "224004",
        "事业",
        24,
        "2240150",
        "澄川市应急救灾管理局",
        "应急值守、救援调度和物资保障",
        (Project("2240108", (80, 220)), Project("2240104", (30, 90)), Project("2240199", (5, 25))),
        vehicles=4,
    ),
)

MEMBERS = ("bureau", "hall", "library", "theatre")
"""The units whose books make up the report of the department BUREAU."""

SUBSIDY = (("bureau", "hall"),)
REMITTANCE = (("theatre", "bureau"),)
"""Money that moves inside the department (payer, receiver), outside the three budgets."""
