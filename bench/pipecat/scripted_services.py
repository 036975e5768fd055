"""The recogniser, the model and the voice of the turn-taking scenarios, as pipecat services.

All three talk to the process that plays the caller, over one WebSocket a call: it says what is recognised and when, what
the model answers now, and hands out the recorded voice. What it says is in ../turn-taking/live/scripted-services.mjs.
"""

import asyncio
import audioop
import base64
import json

from pipecat.audio.turn.smart_turn.base_smart_turn import BaseSmartTurn
from pipecat.frames.frames import (
    Frame,
    InterimTranscriptionFrame,
    LLMContextFrame,
    LLMFullResponseEndFrame,
    LLMFullResponseStartFrame,
    LLMTextFrame,
    TranscriptionFrame,
    TTSAudioRawFrame,
)
from pipecat.processors.frame_processor import FrameDirection, FrameProcessor
from pipecat.services.settings import STTSettings, TTSSettings
from pipecat.services.stt_service import STTService
from pipecat.services.tts_service import TTSService
from pipecat.utils.time import time_now_iso8601
from websockets.asyncio.client import connect

SAMPLE_RATE_HZ = 8000
CHUNK_BYTES = 3200


class ScriptedServices:
    """One call's end of the WebSocket."""

    def __init__(self, url: str, call_sid: str):
        self._url = f"{url}?call={call_sid}"
        self._asked = {}
        self._next_id = 0
        self.words = asyncio.Queue()
        self.reply = ""
        self.caller_is_done = False

    async def open(self):
        self._socket = await connect(self._url, compression=None, max_size=None)
        self._reader = asyncio.create_task(self._read())

    async def _read(self):
        async for text in self._socket:
            message = json.loads(text)
            if "words" in message:
                self.words.put_nowait(message["words"])
            elif "reply" in message:
                self.reply = message["reply"]
            elif "done" in message:
                self.caller_is_done = message["done"]
            else:
                self._asked.pop(message["id"]).set_result(base64.b64decode(message["speech"]))

    async def speech(self, text: str) -> bytes:
        """Mu-law."""
        self._next_id += 1
        answer = asyncio.get_running_loop().create_future()
        self._asked[self._next_id] = answer
        await self._socket.send(json.dumps({"id": self._next_id, "speak": text}))
        return await answer

    async def close(self):
        self._reader.cancel()
        await self._socket.close()


class ScriptedStt(STTService):
    """Pushes what it is told, when it is told; the audio goes on to the turn detectors as with any recogniser."""

    def __init__(self, services: ScriptedServices, ttfs_p99_secs: float):
        super().__init__(
            settings=STTSettings(model=None, language=None), ttfs_p99_latency=ttfs_p99_secs
        )
        self._services = services
        self._listening = None

    async def start(self, frame):
        await super().start(frame)
        self._listening = self.create_task(self._listen())

    async def stop(self, frame):
        await super().stop(frame)
        await self._end()

    async def cancel(self, frame):
        await super().cancel(frame)
        await self._end()

    async def _end(self):
        if self._listening:
            await self.cancel_task(self._listening)
            self._listening = None

    async def _listen(self):
        while True:
            words = await self._services.words.get()
            make = TranscriptionFrame if words["type"] == "final" else InterimTranscriptionFrame
            await self.push_frame(make(words["text"], "caller", time_now_iso8601()))

    async def run_stt(self, audio: bytes):
        yield None


class ScriptedLlm(FrameProcessor):
    """Answers at once, word by word."""

    def __init__(self, services: ScriptedServices):
        super().__init__()
        self._services = services

    async def process_frame(self, frame: Frame, direction: FrameDirection):
        await super().process_frame(frame, direction)
        if not isinstance(frame, LLMContextFrame):
            await self.push_frame(frame, direction)
            return
        await self.push_frame(LLMFullResponseStartFrame())
        for word in self._services.reply.split():
            await self.push_frame(LLMTextFrame(f"{word} "))
        await self.push_frame(LLMFullResponseEndFrame())


class TrueTurnAnalyzer(BaseSmartTurn):
    """Smart Turn with the truth in the place of its model; the 3 s after which it gives in are as they were."""

    def __init__(self, services: ScriptedServices):
        super().__init__()
        self._services = services

    def _predict_endpoint(self, audio_array):
        done = self._services.caller_is_done
        return {"prediction": int(done), "probability": float(done)}


class ScriptedTts(TTSService):
    """Recorded voice in chunks of 200 ms, as fast as they are taken."""

    def __init__(self, services: ScriptedServices):
        super().__init__(
            sample_rate=SAMPLE_RATE_HZ,
            push_start_frame=True,
            push_stop_frames=True,
            settings=TTSSettings(model=None, voice=None, language=None),
        )
        self._services = services

    async def run_tts(self, text: str, context_id: str):
        speech = audioop.ulaw2lin(await self._services.speech(text), 2)
        for at in range(0, len(speech), CHUNK_BYTES):
            chunk = speech[at : at + CHUNK_BYTES]
            yield TTSAudioRawFrame(chunk, SAMPLE_RATE_HZ, 1, context_id=context_id)
