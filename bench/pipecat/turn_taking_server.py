"""A pipecat agent that takes turns as its documentation has it, for the callers of ../turn-taking-beside.mjs.

    python turn_taking_server.py --services ws://127.0.0.1:PORT/ [--rules default|timeout|min-words|sure] [--ttfs-p99 1.0]

Prints `{"port": ...}` when it listens. Recogniser, model and voice are scripted (scripted_services.py); everything that
decides who speaks is pipecat's own, with its own defaults.

Rules:
    default     LLMUserAggregatorParams without strategies: a turn starts with voice (Silero) or a transcript, and ends when
                Smart Turn v3 says so and the transcript is there
    timeout     the same start; it ends SpeechTimeoutUserTurnStopStrategy()'s 0.6 s after voice
    min-words   a turn starts with MinWordsUserTurnStartStrategy(min_words=3), which is its documentation's answer to
                listeners' words; the end is the default
    sure        the default with a detector in the place of Smart Turn that knows the truth (TrueTurnAnalyzer): the most that
                any detector could make of these rules

`--ttfs-p99` is what pipecat is told of the recogniser: how long after speech its last transcript comes at the 99th
percentile. The end of a turn waits for so long unless the recogniser says that a transcript is the last one.
"""

import argparse
import json
import socket
import sys

import uvicorn
from fastapi import FastAPI, WebSocket
from loguru import logger
from pipecat.audio.vad.silero import SileroVADAnalyzer
from pipecat.frames.frames import TTSSpeakFrame
from pipecat.pipeline.pipeline import Pipeline
from pipecat.pipeline.worker import PipelineParams, PipelineWorker
from pipecat.processors.aggregators.llm_context import LLMContext
from pipecat.processors.aggregators.llm_response_universal import (
    LLMContextAggregatorPair,
    LLMUserAggregatorParams,
)
from pipecat.serializers.twilio import TwilioFrameSerializer
from pipecat.transports.websocket.fastapi import FastAPIWebsocketParams, FastAPIWebsocketTransport
from pipecat.turns.user_start import MinWordsUserTurnStartStrategy
from pipecat.turns.user_stop import (
    SpeechTimeoutUserTurnStopStrategy,
    TurnAnalyzerUserTurnStopStrategy,
)
from pipecat.turns.user_turn_strategies import UserTurnStrategies
from pipecat.workers.runner import WorkerRunner
from scripted_services import (
    SAMPLE_RATE_HZ,
    ScriptedLlm,
    ScriptedServices,
    ScriptedStt,
    ScriptedTts,
    TrueTurnAnalyzer,
)

RULES = {
    "default": lambda _: None,
    "timeout": lambda _: UserTurnStrategies(stop=[SpeechTimeoutUserTurnStopStrategy()]),
    "min-words": lambda _: UserTurnStrategies(start=[MinWordsUserTurnStartStrategy(min_words=3)]),
    "sure": lambda services: UserTurnStrategies(
        stop=[TurnAnalyzerUserTurnStopStrategy(turn_analyzer=TrueTurnAnalyzer(services))]
    ),
}


async def answer(websocket: WebSocket, options: argparse.Namespace):
    await websocket.accept()
    start = {}
    while start.get("event") != "start":
        start = json.loads(await websocket.receive_text())
    call_sid = start["start"]["callSid"]
    services = ScriptedServices(options.services, call_sid)
    await services.open()
    transport = FastAPIWebsocketTransport(
        websocket=websocket,
        params=FastAPIWebsocketParams(
            audio_in_enabled=True,
            audio_out_enabled=True,
            serializer=TwilioFrameSerializer(
                stream_sid=start["streamSid"],
                call_sid=call_sid,
                params=TwilioFrameSerializer.InputParams(auto_hang_up=False),
            ),
        ),
    )
    context = LLMContextAggregatorPair(
        LLMContext([{"role": "system", "content": "You answer the phone."}]),
        user_params=LLMUserAggregatorParams(
            vad_analyzer=SileroVADAnalyzer(), user_turn_strategies=RULES[options.rules](services)
        ),
    )
    worker = PipelineWorker(
        Pipeline(
            [
                transport.input(),
                ScriptedStt(services, options.ttfs_p99),
                context.user(),
                ScriptedLlm(services),
                ScriptedTts(services),
                transport.output(),
                context.assistant(),
            ]
        ),
        params=PipelineParams(
            audio_in_sample_rate=SAMPLE_RATE_HZ, audio_out_sample_rate=SAMPLE_RATE_HZ
        ),
        enable_rtvi=False,
        idle_timeout_secs=None,
    )

    @transport.event_handler("on_client_connected")
    async def on_client_connected(_transport, _websocket):
        await worker.queue_frames([TTSSpeakFrame(start["start"]["customParameters"]["asks"])])

    @transport.event_handler("on_client_disconnected")
    async def on_client_disconnected(_transport, _websocket):
        await worker.cancel()

    runner = WorkerRunner(handle_sigint=False)
    await runner.add_workers(worker)
    await runner.run()
    await services.close()


def create_app(options: argparse.Namespace) -> FastAPI:
    app = FastAPI()

    @app.websocket("/")
    async def on_stream(websocket: WebSocket):
        await answer(websocket, options)

    return app


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--services", required=True)
    parser.add_argument("--rules", choices=RULES, default="default")
    parser.add_argument("--ttfs-p99", type=float, default=1.0)
    parser.add_argument("--log-level", default="ERROR")
    options = parser.parse_args()
    logger.remove()
    logger.add(sys.stderr, level=options.log_level)
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    listening.listen(8)
    print(json.dumps({"port": listening.getsockname()[1]}), flush=True)
    server = uvicorn.Server(
        uvicorn.Config(create_app(options), log_level="error", ws_per_message_deflate=False)
    )
    server.run(sockets=[listening])


if __name__ == "__main__":
    main()
