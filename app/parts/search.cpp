#include "app/parts/part.h"
#include "modules/search/search_schema.h"
#include "modules/search/service.h"

namespace jebi::app {

namespace {

constexpr Millis index_pause{200};

class SearchPart final : public Part {
public:
    explicit SearchPart(const Ground& ground)
        : process_(ground.process),
          store_(ground.room()),
          indexer_(ground.contract<accounts::Accounts>(), ground.contract<tweets::Tweets>(), store_,
                   process_.clock()),
          service_(store_, indexer_) {
        ground.neighbours.keep<search::Search>(service_);
        gauge(process_, "search_lag_events", "Events of tweets that search does not know yet.",
              [this] { return indexer_.lag().events; });
        gauge(process_, "search_lag_seconds",
              "So long ago the last tweet happened that can be found; 0: all can.",
              [this] { return static_cast<double>(indexer_.lag().ms) / 1e3; });
    }

    rpc::Methods methods() override { return search::methods(service_); }

    Result<void> start() override {
        derive(process_, "search", index_pause, indexer_);
        return {};
    }

private:
    place::Process& process_;
    search::Store store_;
    search::Indexer indexer_;
    search::Service service_;
};

Result<std::unique_ptr<Part>> make(const Ground& ground) {
    TRY_VOID(ground.room().migrate(search::schema_files()));
    return std::make_unique<SearchPart>(ground);
}

}  // namespace

const Module& search_module() {
    static const Module module{.name = "search", .service = search::Search::service_name, .make = make};
    return module;
}

}  // namespace jebi::app
