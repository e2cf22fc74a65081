"""Ask servers that speak OpenAI's protocol: vLLM, SGLang, llama.cpp, Ollama, hosted ones."""

from ocrchat.endpoints.text import TextEndpoint

__all__ = ["TextEndpoint"]
