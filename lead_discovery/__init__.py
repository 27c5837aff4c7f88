"""LeadFly from Python, under the names of its documents: what the services do, awaited.

`open_pool` opens an installation; each class takes the pool. See docs/python.md.
"""

from lead_discovery.alert_system import LeadAlertSystem
from lead_discovery.engine import LeadDiscoveryEngine
from lead_discovery.geographic_targeting import GeographicTargeting
from lead_discovery.matchmaker import LeadMatchmaker
from lead_discovery.pool import Pool, open_pool
from lead_discovery.profiler_integration import ProfilerIntegration
from lead_discovery.signal_detector import LeadSignalDetector

__all__ = [
    "GeographicTargeting",
    "LeadAlertSystem",
    "LeadDiscoveryEngine",
    "LeadMatchmaker",
    "LeadSignalDetector",
    "Pool",
    "ProfilerIntegration",
    "open_pool",
]
