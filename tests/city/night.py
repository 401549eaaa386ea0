"""`make run`: one night at the sample city. The portal is started, `juesuan run` collects from it, the portal stops."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.city.serve import serving

PORT = 18642
"""Always the same, so that the next night finds the files under the addresses of this one."""


def main() -> int:
    """Run the nightly job against the local portal; returns its exit status."""
    command = Path(sys.executable).with_name("juesuan")
    with serving(port=PORT) as portal:
        print(f"样例城市的公开网站：{portal.base}（只在本机，运行结束即关闭）")
        environment = {**os.environ, "JUESUAN_SITES": "sample_city", "JUESUAN_LOCAL_SITE": portal.base}
        return subprocess.run([command, "run"], env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
