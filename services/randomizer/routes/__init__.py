"""The randomizer's HTTP side: parse, authorise, call a handler, render."""

from fastapi import APIRouter

from services.randomizer.routes import allocation, balance, bundle, discrepancies, lists, randomizations

router = APIRouter(prefix="/studies/{study}", tags=["randomizer"])
router.include_router(allocation.router)
router.include_router(balance.router)
router.include_router(bundle.router)
router.include_router(discrepancies.router)
router.include_router(lists.router)
router.include_router(randomizations.router)
