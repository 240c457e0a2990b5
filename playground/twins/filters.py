"""Large filters and chains of small ones."""

from __future__ import annotations

from playground.guidelines.filter_chains import as_chains, as_large_filters
from playground.twins.registry import Original, Variant, twin
from playground.words import counted


@twin(
    "filters",
    title="Large filter or small chain",
    asks="Does a chain of 3×3 filters do the work of a large one?",
    lecture=("L33", "L34"),
)
def large_or_chain(original: Original) -> list[Variant]:
    """Every large filter as a chain; every chain as a large filter."""
    variants = []
    chains = as_chains(original.walked)
    if chains:
        document, count = chains
        what = counted(count, "large filter becomes a chain", "large filters become chains")
        says = f"{what} of 3×3 filters that see the same pixels, with an activation between each two."
        variants.append(Variant("chain", "Chains of 3×3", "3×3 chains", says, document))
    large = as_large_filters(original.walked)
    if large:
        document, count = large
        what = counted(count, "chain of 3×3 filters becomes one filter", "chains of 3×3 filters become one filter each")
        says = f"{what} that sees the same pixels."
        variants.append(Variant("large", "One large filter", "large filters", says, document))
    return variants
