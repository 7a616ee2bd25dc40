"""Routes of presence; filled in by the next commit."""

from fastapi import APIRouter

router = APIRouter()
