"""OpenVINO, imported here and nowhere else.

Its wheel brings ``openvino_telemetry``, which contacts a statistics service whenever ``openvino``
is imported. facewire makes no outbound connection: the package is left out of the requirements,
and should an ordinary installation have it, it is shut out before the import.
"""

from __future__ import annotations

import sys
import tempfile
import threading
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from facewire.errors import StorageError
from facewire.landmarks.models import cache_folder

FloatArray = NDArray[np.float32]


def openvino() -> Any:
    """Return the module, its telemetry shut out."""
    if "openvino" not in sys.modules:
        sys.modules["openvino_telemetry"] = None  # type: ignore[assignment]
    import openvino as module

    return module


def _read_graph(core: Any, model: bytes) -> Any:
    """Read a TensorFlow Lite file, which OpenVINO takes only by path, through a passing file."""
    cache = cache_folder()
    try:
        cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=cache, prefix="network-") as folder:
            path = Path(folder) / "network.tflite"
            path.write_bytes(model)
            return core.read_model(path)
    except OSError as error:
        raise StorageError(
            f"The cache folder {cache} cannot be written",
            found=str(error),
            do="make room there, or name another one in XDG_CACHE_HOME",
        ) from error


class Network:
    """A compiled network; threads may run it at the same time, each on a request of its own.

    Parameters
    ----------
    model : bytes, or a graph of OpenVINO
        A TensorFlow Lite file, or what was built here.
    batch : int
        Number of pictures in one request.
    outputs : tuple of str
        Names of the outputs to return, in this order.
    """

    def __init__(self, model: bytes | Any, *, batch: int = 1, outputs: tuple[str, ...]) -> None:
        core = openvino().Core()
        graph = _read_graph(core, model) if isinstance(model, bytes) else model
        shape = graph.inputs[0].partial_shape
        if shape.is_dynamic or batch > 1:
            shape[0] = batch
            graph.reshape(shape)
        # Two pinned processes ran at less than half speed, hence no pinning. Processors with
        # bfloat16 units would otherwise compute in it: points would jump by a pixel, and differ
        # from machine to machine.
        settings = {
            "PERFORMANCE_HINT": "THROUGHPUT",
            "ENABLE_CPU_PINNING": False,
            "INFERENCE_PRECISION_HINT": "f32",
        }
        self._outputs = outputs
        self._compiled = core.compile_model(graph, "CPU", settings)
        self._local = threading.local()

    def infer(self, pictures: FloatArray) -> tuple[FloatArray, ...]:
        """Run the network; shapes are the network's own, float32."""
        request = getattr(self._local, "request", None)
        if request is None:
            request = self._local.request = self._compiled.create_infer_request()
        request.infer({0: pictures})
        return tuple(np.array(request.get_tensor(name).data) for name in self._outputs)
