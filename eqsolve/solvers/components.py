"""Which extreme equilibria hang together: connected components of a bipartite graph.

An equilibrium (x, y) is an edge between its vertices x and y. The set of all equilibria is the union of the products
conv U × conv V over the maximal cliques U × V of that graph, and so two extreme equilibria lie in one component of it
iff a path of edges joins them (Avis, Rosenberg, Savani and von Stengel 2010, "Enumeration of Nash equilibria for
two-player games", Economic Theory 42).
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence


def components(edges: Sequence[tuple[Hashable, Hashable]]) -> list[int]:
    """For each edge the number of its component, from 1 in the order in which they first appear."""
    parent: dict[tuple[int, Hashable], tuple[int, Hashable]] = {}

    def root(node: tuple[int, Hashable]) -> tuple[int, Hashable]:
        parent.setdefault(node, node)
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    for x, y in edges:
        parent[root((0, x))] = root((1, y))
    numbers: dict[tuple[int, Hashable], int] = {}
    return [numbers.setdefault(root((0, x)), len(numbers) + 1) for x, _ in edges]
