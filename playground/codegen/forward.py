"""The text of a forward method: one statement for each chain; branches that only meet are written where they meet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from playground.blocks.base import Shape
from playground.codegen.lines import Chain
from playground.codegen.names import Names, identifier

WIDTH = 120


def forward_text(
    chains: Sequence[Chain], attributes: Mapping[str, str], entry: str, heads: Sequence[str] = ()
) -> list[str]:
    """Lines of the method. `attributes`: the attribute of each chain of layers, by the name of its last layer.

    `heads`: names of the lines whose values are given too while training.
    """
    if not chains:
        return ["    def forward(self, x):", "        return x"]
    for inlining in (True, False):
        text = _Forward(chains, attributes, entry, heads, inlining).text()
        if all(len(line) <= WIDTH for line in text):
            return text
    return text


class _Forward:
    def __init__(
        self,
        chains: Sequence[Chain],
        attributes: Mapping[str, str],
        entry: str,
        heads: Sequence[str],
        inlining: bool,
    ) -> None:
        self.attributes = attributes
        self.entry = entry
        scores = [chain.last.name for chain in chains if not chain.last.auxiliary][-1]
        self.ends = [scores, *heads] if heads else []
        """Values that are returned together while training; empty where there is but one to return."""
        self.by_value = {chain.last.name: chain for chain in chains}
        readers: dict[str, list[Chain]] = {}
        for chain in chains:
            for name in chain.inputs:
                readers.setdefault(name, []).append(chain)
        self.inlined = {
            chain.last.name
            for chain in chains
            if inlining and chain.made and chain.last.name not in self.ends
            if [reader.last.joins for reader in readers.get(chain.last.name, [])] == [True]
        }
        self.statements = [chain for chain in chains if chain.last.name not in self.inlined]
        self.variables = self._named()

    def text(self) -> list[str]:
        lines = ["    def forward(self, x):"]
        if not self.ends:
            return [*lines, *self._written(self.statements[:-1]), *self._returned(self.statements[-1])]
        lines += self._written([chain for chain in self.statements if not chain.last.auxiliary])
        lines.append("        if self.training:")
        side = self._written([chain for chain in self.statements if chain.last.auxiliary])
        lines += [f"    {line}" for line in side]
        lines.append(f"            return {', '.join(self.variables[end] for end in self.ends)}")
        return [*lines, f"        return {self.variables[self.ends[0]]}"]

    def _written(self, chains: Sequence[Chain]) -> list[str]:
        lines: list[str] = []
        for chain in chains:
            variable, expression = self.variables[chain.last.name], self._expression(chain)
            if variable != expression:
                lines += _broken(f"        {variable} = {expression}", chain.last.shape)
        return lines

    def _returned(self, chain: Chain) -> list[str]:
        return _broken(f"        return {self._expression(chain)}", chain.last.shape)

    def _reads(self, chain: Chain) -> set[str]:
        """Values that must have a name when the statement runs."""
        found: set[str] = set()
        for name in chain.inputs:
            found |= set(self.by_value[name].inputs) if name in self.inlined else {name}
        return found

    def _named(self) -> dict[str, str]:
        """ "x" for a value that only the next statement reads; a value that lives longer has a name of its own."""
        last_use = {self.entry: 0}
        for position, chain in enumerate(self.statements):
            last_use |= dict.fromkeys(self._reads(chain), position)
        last_use |= dict.fromkeys(self.ends, len(self.statements) + 1)
        names = Names({"x", "self", "torch", "nn", "layer"})
        variables, holder = {self.entry: "x"}, self.entry
        for position, chain in enumerate(self.statements):
            name = chain.last.name
            following = self.statements[position + 1 :][:1]
            passing = last_use.get(name, position) <= position + 1 and not any(
                next_chain.last.joins and len(self._reads(next_chain)) > 1 and chain.made for next_chain in following
            )
            if passing and last_use.get(holder, 0) <= position:
                variables[name], holder = "x", name
            else:
                variables[name] = names.free(self.attributes.get(name) or identifier(name))
        return variables

    def _expression(self, chain: Chain) -> str:
        values = [self._value(name) for name in chain.inputs]
        if chain.made:
            return f"self.{self.attributes[chain.last.name]}({', '.join(values)})"
        text = chain.last.expression or "{0}"
        joined = (" + " if text == "{all}" else ", ").join(values)
        return text.format(values[0], all=joined)

    def _value(self, name: str) -> str:
        return self._expression(self.by_value[name]) if name in self.inlined else self.variables[name]


def _broken(code: str, shape: Shape | None) -> list[str]:
    """The statement with its shape; broken at its commas or plus signs where it is too long."""
    note = f"  # {'×'.join(map(str, shape))}" if shape else ""
    if len(code) + len(note) <= WIDTH:
        return [f"{code}{note}"]
    head, separator, rest = code.partition("torch.cat([")
    if separator:
        parts = rest.removesuffix("], dim=1)").split(", ")
        return [
            f"{head}torch.cat({note}",
            "            [",
            *(f"                {part}," for part in parts),
            "            ],",
            "            dim=1,",
            "        )",
        ]
    begin, _, first = code.strip().partition(" = ") if " = " in code else ("return", "", code.strip()[7:])
    parts = first.split(" + ")
    if len(parts) < 2:
        return [f"{code}{note}"]
    assigned = "return" if begin == "return" else f"{begin} ="
    return [
        f"        {assigned} ({note}",
        f"            {parts[0]}",
        *(f"            + {part}" for part in parts[1:]),
        "        )",
    ]
