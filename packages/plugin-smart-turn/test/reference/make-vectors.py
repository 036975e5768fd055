"""Writes vectors.json beside this file: features and probabilities of the reference, for sounds that
test/reference-sounds.ts makes alike.

    pip install numpy onnxruntime
    pip download --no-deps pipecat-ai==1.14.0 && unzip pipecat_ai-*.whl
    python make-vectors.py <folder with pipecat/>
"""

import base64
import importlib.util
import json
import sys
import wave
from pathlib import Path

import numpy as np
import onnxruntime

HERE = Path(__file__).parent
SMART_TURN = Path(sys.argv[1]) / "pipecat/audio/turn/smart_turn"
WINDOW = 128_000
# Every 199th value, a prime, so that all rows and all times are met.
STRIDE = 199


def load_reference():
    # The module alone: its package imports all of pipecat.
    spec = importlib.util.spec_from_file_location("features", SMART_TURN / "_whisper_features.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.compute_whisper_log_mel_features


def speech(name):
    with wave.open(str(HERE / "../../../phone/audio" / f"{name}.wav")) as recording:
        samples = np.frombuffer(recording.readframes(recording.getnframes()), np.int16)
    return np.repeat(samples, 2)


def noise(count):
    state, samples = 1, np.empty(count, np.int16)
    for at in range(count):
        state = (state * 1664525 + 1013904223) % 2**32
        samples[at] = (state >> 16) - 32768
    return samples


SOUNDS = {
    "speech shorter than 8 s": speech("tt-weasels"),
    "speech cut in the middle": speech("something-terribly-wrong")[:14_000],
    "speech of exactly 8 s": np.resize(speech("number-not-answering"), WINDOW),
    "speech longer than 8 s": np.resize(speech("tt-weasels"), 150_000),
    "silence of 8 s": np.zeros(WINDOW, np.int16),
    "nothing": np.zeros(0, np.int16),
    "one sample": np.array([1], np.int16),
    "full-scale noise": noise(WINDOW),
}

features_of = load_reference()
session = onnxruntime.InferenceSession(str(SMART_TURN / "data/smart-turn-v3.2-cpu.onnx"))
vectors = {}
for name, samples in SOUNDS.items():
    audio = samples.astype(np.float32)[-WINDOW:] / 32768.0
    audio = np.pad(audio, (WINDOW - len(audio), 0))
    features = features_of(audio)
    (probability,) = session.run(None, {"input_features": features[None]})
    sampled = features.ravel()[::STRIDE].astype("<f4")
    vectors[name] = {
        "probability": round(probability.item(), 6),
        "mean": float(features.mean(dtype=np.float64)),
        "meanSquare": float((features.astype(np.float64) ** 2).mean()),
        "features": base64.b64encode(sampled.tobytes()).decode(),
    }
(HERE / "vectors.json").write_text(json.dumps(vectors, indent=2) + "\n")
