"""What is written is run by onnxruntime as it was meant."""

import numpy as np
import onnxruntime
import pytest

from integrations.onnx_graph import FLOAT, MICROSOFT, Graph


def ran(graph: Graph, result: str, given: list[list[int]]) -> np.ndarray:
    file = graph.written(given="given", shape=["rows", "columns"], result=result)
    session = onnxruntime.InferenceSession(file, providers=["CPUExecutionProvider"])
    found = session.run(None, {"given": np.array(given)})[0]
    assert isinstance(found, np.ndarray)
    return found


def test_nodes_take_arrays_settings_and_each_other():
    graph = Graph()
    numbers = graph.node("Cast", "given", to=FLOAT)
    halves = graph.node("Mul", numbers, graph.array(np.array([0.5, -1.5], np.float32)))
    result = graph.node("LeakyRelu", halves, alpha=0.25)

    assert ran(graph, result, [[4, 1], [-8, -2]]).tolist() == [[2, -0.375], [-1, 3]]


def test_a_node_may_have_several_outputs_and_a_setting_below_zero():
    graph = Graph()
    numbers = graph.node("Cast", "given", to=FLOAT)
    first, second = graph.nodes("Split", numbers, outputs=2, axis=-1, num_outputs=2)
    result = graph.node("Sub", second, first)

    assert ran(graph, result, [[1, 2, 30, 40], [5, 6, 7, 9]]).tolist() == [[29, 38], [2, 3]]


def test_onnxruntime_s_own_operators_are_named_with_their_domain():
    graph = Graph()
    numbers = graph.node("Cast", "given", to=FLOAT)
    zeros = graph.array(np.zeros(2, np.float32))
    result = graph.node("BiasGelu", numbers, zeros, domain=MICROSOFT)

    assert ran(graph, result, [[0, 1]])[0].tolist() == pytest.approx([0, 0.841345], abs=1e-5)


def test_notes_are_found_in_the_file():
    graph = Graph()
    result = graph.node("Cast", "given", to=FLOAT)

    file = graph.written(given="given", shape=["rows"], result=result, vocabulary="a\nönt\n学")

    session = onnxruntime.InferenceSession(file, providers=["CPUExecutionProvider"])
    assert session.get_modelmeta().custom_metadata_map == {"vocabulary": "a\nönt\n学"}
