#include "kit/sql/list_query.h"

#include "kit/sql/test_folder.h"

using namespace jebi;
using namespace jebi::sql;

TEST_CASE("a list of any length finds each of its values once") {
    const Folder folder;
    const auto database = opened(folder / "x.db");
    Room& room = database->room("notes");
    REQUIRE(migrate(room,
                    {schema("0001_notes.sql", "CREATE TABLE notes (id BIGINT PRIMARY KEY, author BIGINT)")}));
    Batch batch;
    for (std::int64_t id = 1; id <= 600; ++id)
        batch.add({.sql = "INSERT INTO notes (id, author) VALUES ($1, 7)", .parameters = {id}});
    REQUIRE(answer_of(room.write(patient(), std::move(batch))) == "ok");

    const ListQuery query{"SELECT id FROM notes WHERE author = $1 AND (id IN ({}) OR id + 1000 IN ({}))", 2};
    for (const std::size_t length :
         std::vector<std::size_t>{1, 2, 5, 6, 20, 21, 100, 101, 200, 201, 499, 500}) {
        std::vector<std::uint64_t> list;
        for (std::size_t i = 0; i < length; ++i)
            list.push_back(i == 0 ? 1'600 : i);
        const auto rows = query.read(room, patient(), {7}, list);
        REQUIRE(answer_of(rows) == "ok");
        CHECK(rows->size() == length);
    }
}
