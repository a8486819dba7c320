from tests.support.databases import read_sql
from store import migrate
async def test_it(database):
    assert await migrate.is_current(database)
async def test_it2(database, work):
    async with work() as uow:
        await uow.editions.add("x")
        await uow.commit()
    assert await read_sql(database, "select name from editions") == [("x",)]
