// SELECT without groups: finds the rows first, and reads the columns of the SELECT for those alone.
#include <algorithm>
#include <limits>
#include <mutex>

#include "modules/log_analytics/query/execute.h"
#include "modules/log_analytics/query/top_rows.h"

namespace jebi::log_analytics::query {

namespace {

// The answer's rows of one block.
struct Batch {
    std::uint32_t part, block;
    std::vector<std::uint32_t> rows;     // in the block
    std::vector<std::size_t> in_answer;  // where each goes
};

std::vector<Batch> batches_of(const std::vector<RowPlace>& places) {
    std::vector<std::size_t> order(places.size());
    for (std::size_t i = 0; i < order.size(); ++i)
        order[i] = i;
    std::ranges::sort(
        order, {}, [&](std::size_t i) { return std::tuple(places[i].part, places[i].block, places[i].row); });
    std::vector<Batch> batches;
    for (const std::size_t i : order) {
        const auto& place = places[i];
        if (batches.empty() || batches.back().part != place.part || batches.back().block != place.block)
            batches.push_back({place.part, place.block, {}, {}});
        batches.back().rows.push_back(place.row);
        batches.back().in_answer.push_back(i);
    }
    return batches;
}

// Fills the answer, several blocks at a time.
class Reading {
public:
    Reading(const Query& query, Answer& answer, const std::vector<Batch>& batches)
        : query_(query), answer_(answer), batches_(batches), missing_(answer.row_count) {}

    void run() {
        query_.run([this](unsigned) { work(); });
        remove_missing();
    }

private:
    void work() {
        Evaluator evaluator(query_.plan.memories);
        const auto texts = std::make_shared<Arena>();
        std::unique_ptr<PartReader> reader;
        AnswerCost cost;
        std::size_t kept_bytes = 0;
        while (query_.monitor.may_go_on()) {
            const std::size_t at = next_++;
            if (at >= batches_.size()) break;
            const Batch& batch = batches_[at];
            const Part& part = *query_.snapshot.parts[batch.part];
            if (!reader || &reader->part() != &part) reader = std::make_unique<PartReader>(query_.plan, part);
            BlockFrame frame(*reader, batch.block);
            if (const auto done = fill(frame, batch, evaluator, *texts); !done) refused(done.error(), batch);
            cost.bytes_read += frame.bytes_read();
            query_.monitor.keep(texts->bytes(), kept_bytes);
        }
        query_.monitor.add(cost);
        const std::lock_guard lock{mutex_};
        answer_.texts.push_back(texts);
    }

    Result<void> fill(BlockFrame& frame, const Batch& batch, Evaluator& evaluator, Arena& texts) {
        frame.narrow(batch.rows);
        const auto& outputs = query_.plan.outputs;
        for (std::size_t column = 0; column < outputs.size(); ++column) {
            TRY(const Vector vector, evaluator.evaluate(outputs[column].value, frame));
            for (std::size_t i = 0; i < batch.rows.size(); ++i)
                answer_.values[batch.in_answer[i] * outputs.size() + column] = kept(vector.value(i), texts);
        }
        return {};
    }

    void refused(const Error& error, const Batch& batch) {
        if (!query_.monitor.note_damage(error)) return query_.monitor.fail(error);
        const std::lock_guard lock{mutex_};
        for (const std::size_t row : batch.in_answer)
            missing_[row] = true;
    }

    // The rows whose blocks could not be read.
    void remove_missing() {
        const std::size_t width = answer_.columns.size();
        std::size_t kept_rows = 0;
        for (std::size_t row = 0; row < answer_.row_count; ++row) {
            if (missing_[row]) continue;
            const auto from = answer_.values.begin() + static_cast<std::ptrdiff_t>(row * width);
            if (kept_rows != row)
                std::copy_n(from, width,
                            answer_.values.begin() + static_cast<std::ptrdiff_t>(kept_rows * width));
            ++kept_rows;
        }
        answer_.row_count = kept_rows;
        answer_.values.resize(kept_rows * width);
    }

    const Query& query_;
    Answer& answer_;
    const std::vector<Batch>& batches_;
    std::atomic<std::size_t> next_{0};
    std::mutex mutex_;
    std::vector<bool> missing_;  // guarded
};

std::vector<RowPlace> places_of(const Query& query) {
    const RowOrder order(query.plan);
    const bool smaller_is_better = !order.newest_first;
    using Limits = std::numeric_limits<std::int64_t>;
    SharedBound bound{{smaller_is_better ? Limits::max() : Limits::min()}, smaller_is_better};
    std::vector<std::unique_ptr<TopRows>> tops;
    std::vector<Sink*> sinks;
    for (unsigned i = 0; i < query.workers(); ++i) {
        tops.push_back(std::make_unique<TopRows>(order, rows_wanted(query), bound));
        sinks.push_back(tops.back().get());
    }
    scan(query, order.scan_order(), sinks);
    for (std::size_t i = 1; i < tops.size(); ++i)
        tops[0]->merge(*tops[i]);
    return tops[0]->sorted();
}

}  // namespace

void run_plain(const Query& query, Answer& answer) {
    auto places = places_of(query);
    if (!query.monitor.may_go_on()) return;
    places.resize(rows_answered(query, places.size(), answer));
    if (answer.cut && query.plan.order.empty())
        answer.row_highest = places.empty() ? 0 : places.back().number;
    const std::size_t skipped = std::min<std::size_t>(query.plan.offset, places.size());
    places.erase(places.begin(), places.begin() + static_cast<std::ptrdiff_t>(skipped));
    answer.row_count = places.size();
    std::size_t kept_bytes = 0;
    const std::size_t values = places.size() * answer.columns.size();
    if (!query.monitor.keep(values * sizeof(Value), kept_bytes)) return;
    answer.values.resize(values);
    const auto batches = batches_of(places);
    Reading(query, answer, batches).run();
}

}  // namespace jebi::log_analytics::query
