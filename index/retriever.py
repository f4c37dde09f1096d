"""The index as a LangChain retriever, for anyone who composes chains; the tutor itself uses the Searcher."""

from __future__ import annotations

from dataclasses import asdict

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict, Field

from index.search import MAX_RESULTS, Searcher


class ProblemRetriever(BaseRetriever):
    """Documents whose text is the problem, with solution, answer, method, source and similarity beside it."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    searcher: Searcher
    k: int = Field(default=5, ge=1, le=MAX_RESULTS)

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:
        documents = []
        for example in self.searcher.search(query, self.k):
            metadata = asdict(example)
            documents.append(Document(page_content=metadata.pop("problem"), metadata=metadata))
        return documents
