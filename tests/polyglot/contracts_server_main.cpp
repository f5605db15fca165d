// contracts-server FOLDER: follows and tweets, with their database in the folder, for programs in other
// languages that call contracts. Serves FOLDER/contracts.sock until its standard input ends; prints
// "listening unix:PATH". What is left of one that was killed it takes over.
#include <unistd.h>

#include <cstdio>
#include <exception>

#include "kit/base/crypto.h"
#include "kit/rpc/over_socket_testing.h"
#include "kit/sql/sqlite.h"
#include "modules/follows/follows_schema.h"
#include "modules/follows/service.h"
#include "modules/tweets/service.h"
#include "modules/tweets/tweets_schema.h"

namespace {

using namespace jebi;

struct Served {
    explicit Served(const std::string& folder)
        : database(sql::open_sqlite({.file = folder + "/jebi.db"}).value()) {
        database->room("follows").migrate(follows::schema_files()).value();
        database->room("tweets").migrate(tweets::schema_files()).value();
    }

    rpc::Methods all() {
        rpc::Methods both = methods(follows);
        for (auto& method : methods(tweets))
            both.push_back(std::move(method));
        return both;
    }

    std::unique_ptr<sql::Database> database;
    SystemClock clock;
    IdGenerator ids{clock, 1};
    follows::Store follows_store{database->room("follows")};
    follows::Service follows{follows_store, ids, clock};
    tweets::Store tweets_store{database->room("tweets")};
    tweets::Service tweets{tweets_store, follows, ids, clock};
};

void serve(const std::string& folder) {
    const std::string socket = folder + "/contracts.sock";
    ::unlink(socket.c_str());
    Served served(folder);
    const rpc::OverSocket wire(socket, served.all());
    std::printf("listening unix:%s\n", socket.c_str());
    std::fflush(stdout);
    while (std::getchar() != EOF) {
    }
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 2 || !start_crypto()) {
        std::fprintf(stderr, "usage: contracts-server FOLDER\n");
        return 2;
    }
    try {
        serve(argv[1]);
    } catch (const std::exception& exception) {
        std::fprintf(stderr, "error: %s\n", exception.what());
        return 1;
    }
    return 0;
}
