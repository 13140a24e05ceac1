"""The assistant as a model of the OpenAI API: for Open WebUI, the ``openai`` package and all that speak alike."""
