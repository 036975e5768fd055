"""A pipecat agent for the same callers: Twilio's protocol in, fake providers, one endless story out.

    python server.py [--vad] [--chunk-ms 40]

Prints `{"port": ...}` when it listens. `GET /heard` tells how many bytes of 16-bit audio recognition was given.
What a phone call can do without (metrics, RTVI, turn tracking, the turn model, logging) is off, so that what is left
is transport, pipeline and, with --vad, the detector.
"""

import argparse
import asyncio
import json
import socket
import sys

import uvicorn
from fastapi import FastAPI, WebSocket
from loguru import logger
from pipecat.audio.vad.silero import SileroVADAnalyzer
from pipecat.frames.frames import (
    Frame,
    LLMContextFrame,
    LLMFullResponseEndFrame,
    LLMFullResponseStartFrame,
    LLMRunFrame,
    LLMTextFrame,
    TTSAudioRawFrame,
)
from pipecat.pipeline.pipeline import Pipeline
from pipecat.pipeline.worker import PipelineParams, PipelineWorker
from pipecat.processors.aggregators.llm_context import LLMContext
from pipecat.processors.aggregators.llm_response_universal import (
    LLMContextAggregatorPair,
    LLMUserAggregatorParams,
)
from pipecat.processors.frame_processor import FrameDirection, FrameProcessor
from pipecat.serializers.twilio import TwilioFrameSerializer
from pipecat.services.settings import STTSettings, TTSSettings
from pipecat.services.stt_service import STTService
from pipecat.services.tts_service import TTSService
from pipecat.transports.websocket.fastapi import FastAPIWebsocketParams, FastAPIWebsocketTransport
from pipecat.turns.user_stop import SpeechTimeoutUserTurnStopStrategy
from pipecat.turns.user_turn_strategies import UserTurnStrategies
from pipecat.workers.runner import WorkerRunner

SAMPLE_RATE_HZ = 8000
BYTES_PER_MS = 16
SENTENCE_MS = 4000
TTS_CHUNK_MS = 200
# Quiet enough for nobody's ears, not all zero.
TTS_CHUNK = bytes(16 + n % 97 for n in range(TTS_CHUNK_MS * BYTES_PER_MS))

heard = {"calls": 0, "bytes": 0}


class CountingStt(STTService):
    """Counts bytes and recognises nothing."""

    def __init__(self):
        super().__init__(settings=STTSettings(model=None, language=None), ttfs_p99_latency=0.3)

    async def run_stt(self, audio: bytes):
        heard["bytes"] += len(audio)
        yield None


class StoryLlm(FrameProcessor):
    """Writes sentences for as long as the call lasts, two ahead of the voice."""

    async def process_frame(self, frame: Frame, direction: FrameDirection):
        await super().process_frame(frame, direction)
        if not isinstance(frame, LLMContextFrame):
            await self.push_frame(frame, direction)
            return
        await self.push_frame(LLMFullResponseStartFrame())
        try:
            sentence = 0
            while True:
                sentence += 1
                await self.push_frame(
                    LLMTextFrame(f"This is sentence number {sentence} of a long story. ")
                )
                if sentence > 2:
                    await asyncio.sleep(SENTENCE_MS / 1000)
        finally:
            await self.push_frame(LLMFullResponseEndFrame())


class ToneTts(TTSService):
    """Speaks every sentence for the same time, in chunks of 200 ms, as fast as they are taken."""

    def __init__(self):
        super().__init__(
            sample_rate=SAMPLE_RATE_HZ,
            push_start_frame=True,
            push_stop_frames=True,
            settings=TTSSettings(model=None, voice=None, language=None),
        )

    async def run_tts(self, text: str, context_id: str):
        for _ in range(SENTENCE_MS // TTS_CHUNK_MS):
            yield TTSAudioRawFrame(TTS_CHUNK, SAMPLE_RATE_HZ, 1, context_id=context_id)


async def answer(websocket: WebSocket, options: argparse.Namespace):
    await websocket.accept()
    start = {}
    while start.get("event") != "start":
        start = json.loads(await websocket.receive_text())
    heard["calls"] += 1
    transport = FastAPIWebsocketTransport(
        websocket=websocket,
        params=FastAPIWebsocketParams(
            audio_in_enabled=True,
            audio_out_enabled=True,
            audio_out_10ms_chunks=options.chunk_ms // 10,
            serializer=TwilioFrameSerializer(
                stream_sid=start["streamSid"],
                call_sid=start["start"]["callSid"],
                params=TwilioFrameSerializer.InputParams(auto_hang_up=False),
            ),
        ),
    )
    context = LLMContextAggregatorPair(
        LLMContext([{"role": "system", "content": "Tell a long story."}]),
        user_params=LLMUserAggregatorParams(
            vad_analyzer=SileroVADAnalyzer() if options.vad else None,
            user_turn_strategies=UserTurnStrategies(stop=[SpeechTimeoutUserTurnStopStrategy()]),
        ),
    )
    worker = PipelineWorker(
        Pipeline(
            [
                transport.input(),
                CountingStt(),
                context.user(),
                StoryLlm(),
                ToneTts(),
                transport.output(),
                context.assistant(),
            ]
        ),
        params=PipelineParams(
            audio_in_sample_rate=SAMPLE_RATE_HZ, audio_out_sample_rate=SAMPLE_RATE_HZ
        ),
        enable_rtvi=False,
        enable_turn_tracking=False,
        idle_timeout_secs=None,
        check_dangling_tasks=False,
    )

    @transport.event_handler("on_client_connected")
    async def on_client_connected(_transport, _websocket):
        await worker.queue_frames([LLMRunFrame()])

    @transport.event_handler("on_client_disconnected")
    async def on_client_disconnected(_transport, _websocket):
        await worker.cancel()

    runner = WorkerRunner(handle_sigint=False, check_dangling_tasks=False)
    await runner.add_workers(worker)
    await runner.run()


def create_app(options: argparse.Namespace) -> FastAPI:
    app = FastAPI()

    @app.get("/heard")
    async def tell_heard():
        return heard

    @app.websocket("/")
    async def on_stream(websocket: WebSocket):
        await answer(websocket, options)

    return app


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--vad", action="store_true")
    parser.add_argument("--chunk-ms", type=int, default=40)
    options = parser.parse_args()
    logger.remove()
    logger.add(sys.stderr, level="ERROR")
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    listening.listen(512)
    print(json.dumps({"port": listening.getsockname()[1]}), flush=True)
    server = uvicorn.Server(
        uvicorn.Config(create_app(options), log_level="error", ws_per_message_deflate=False)
    )
    server.run(sockets=[listening])


if __name__ == "__main__":
    main()
