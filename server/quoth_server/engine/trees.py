"""Part of step 4: from the likely heads of each word to one tree for each sentence."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

__all__ = ["one_subject", "trees"]

IntArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float32]


def trees(heads: IntArray, masses: FloatArray, begins: npt.NDArray[np.bool_]) -> IntArray:
    """The head of each word; the root of a sentence is its own.

    Every word takes its likeliest head in its own sentence. Only where that makes a cycle does
    one word of the cycle take another: the likeliest by which it leads to the root.

    Args:
        heads: Candidates of each word, words × candidates; -1 says that it is a root.
        masses: How likely each is, at least 0.
        begins: Whether a sentence begins with each word; the first word begins one in any case.
    """
    if not len(heads):
        return np.zeros(0, dtype=np.int64)
    own = np.arange(len(heads))
    begins = begins | (own == 0)
    sentence = np.cumsum(begins) - 1
    roots = _roots((masses * (heads == -1)).sum(axis=1), sentence, np.flatnonzero(begins))[sentence]
    inside = (heads >= 0) & (sentence[heads] == sentence[:, None]) & (heads != own[:, None])
    chances = np.where(inside, masses, -1.0)
    best = chances.argmax(axis=1)
    found: IntArray = np.where(chances[own, best] >= 0, heads[own, best], roots)
    found[roots] = roots
    top = _tops(found)
    safe = top == roots
    for cycle in _cycles(found, np.unique(top[~safe])):
        leads = np.where(inside[cycle] & safe[heads[cycle]], masses[cycle], -1.0)
        at, which = np.unravel_index(int(leads.argmax()), leads.shape)
        word = cycle[at]
        found[word] = heads[word, which] if leads[at, which] >= 0 else roots[word]
    return found


def one_subject(heads: IntArray, subjects: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Which of the subjects stay so: of those of one verb the first, and what stands before it.

    "Reuters quoted **Lund**": in news a name behind a verb of saying mostly is its subject.

    Args:
        heads: The head of each word.
        subjects: Which words are labeled as subjects.
    """
    places = np.flatnonzero(subjects)
    _, first = np.unique(heads[places], return_index=True)
    kept = subjects & (np.arange(len(heads)) < heads)
    kept[places[first]] = True
    return kept


def _roots(likely: FloatArray, sentence: IntArray, firsts: IntArray) -> IntArray:
    """The likeliest root of each sentence, of several alike the first."""
    highest = np.maximum.reduceat(likely, firsts)
    candidates = np.flatnonzero(likely == highest[sentence])
    _, first = np.unique(sentence[candidates], return_index=True)
    roots: IntArray = candidates[first]
    return roots


def _tops(found: IntArray) -> IntArray:
    """Where one comes from each word by going from head to head: its root, or a cycle."""
    top = found
    for _ in range(len(found).bit_length()):
        top = top[top]
    return top


def _cycles(found: IntArray, inside: IntArray) -> list[list[int]]:
    """The cycles that some words are in."""
    cycles: list[list[int]] = []
    seen: set[int] = set()
    for start in inside.tolist():
        if start in seen:
            continue
        cycle, word = [start], int(found[start])
        while word != start:
            cycle.append(word)
            word = int(found[word])
        cycles.append(cycle)
        seen.update(cycle)
    return cycles
