"""The figure of the runs on slow tenants: a bar for each tool and latency, as SVG."""

from collections.abc import Sequence
from typing import Final

import jinja2

from bench.slow_tenants import SlowRun, by_tenant

TEMPLATE: Final = jinja2.Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True).from_string(
    """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 720 {{ height }}" font-family="sans-serif" font-size="13"
     role="img" aria-label="Wall time of a run in seconds, by latency of the tenant and tool">
<rect width="720" height="{{ height }}" fill="#ffffff"/>
<text x="12" y="24" fill="#1f2328">Wall time of a run, in seconds; the dark part is the floor</text>
{% for bar in bars %}
{% if bar.heading %}
<text x="12" y="{{ bar.y - 8 }}" fill="#1f2328" font-weight="bold">{{ bar.heading }}</text>
{% endif %}
<text x="232" y="{{ bar.y + 13 }}" fill="#1f2328" text-anchor="end">{{ bar.tool }}</text>
<rect x="240" y="{{ bar.y }}" width="{{ bar.width }}" height="18" fill="{{ bar.light }}"/>
<rect x="240" y="{{ bar.y }}" width="{{ bar.floor }}" height="18" fill="{{ bar.dark }}"/>
<text x="{{ 246 + bar.width }}" y="{{ bar.y + 13 }}" fill="#1f2328">{{ bar.seconds }}</text>
{% endfor %}
</svg>
"""
)
WIDTH: Final = 410
"""Of the longest bar."""
SUITE: Final = ("#54aeff", "#0550ae")
OTHER: Final = ("#d0d7de", "#6e7781")


def figure(runs: Sequence[SlowRun]) -> str:
    """The runs as an SVG document, in groups by tenant."""
    longest = max((run.measurement.seconds for run in runs), default=1.0)
    bars: list[dict[str, object]] = []
    y = 40
    condition = None
    for run in by_tenant(runs):
        y += 24 if run.condition == condition else 56
        light, dark = SUITE if run.tool.startswith("suite") else OTHER
        bars.append(
            {
                "heading": "" if run.condition == condition else heading(run),
                "tool": run.tool,
                "y": y,
                "width": round(WIDTH * run.measurement.seconds / longest, 1),
                "floor": round(WIDTH * run.floor / longest, 1),
                "seconds": f"{run.measurement.seconds:.1f}",
                "light": light,
                "dark": dark,
            }
        )
        condition = run.condition
    return TEMPLATE.render(bars=bars, height=y + 36)


def heading(run: SlowRun) -> str:
    """What makes the tenant slow, in a heading."""
    return run.condition if run.late_reads else f"{run.condition} added to each response"
