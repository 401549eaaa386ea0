"""The sample city: budget units with consistent books, their published reports, and a portal that publishes them.

Here belong the drawing of the books, the printing of reports in several layouts by several PDF producers, the
known faults, and the local server. Nothing here imports the product: the city is the world that the product reads.
All units but one are invented; so is the city 澄川市. The books of 柳州市12345政务服务热线管理中心 for 2024 are
the figures that this unit really published.
"""
