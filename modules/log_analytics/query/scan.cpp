#include "modules/log_analytics/query/scan.h"

#include <algorithm>
#include <deque>
#include <mutex>

namespace jebi::log_analytics::query {

namespace {

constexpr std::size_t piece_blocks = 16;  // so many rows are worth going to the shared list for

// Neighbouring blocks of one part.
struct Piece {
    std::size_t part, begin, end;
    bool is_begun = false;  // somebody works on this part
};

// What is left to be done, and who does what next.
class Pieces {
public:
    Pieces(const Query& query, ScanOrder order, const std::vector<bool>& done)
        : keeps_order_(order != ScanOrder::any) {
        const auto& parts = query.snapshot.parts;
        for (std::size_t i = 0; i < parts.size(); ++i) {
            const std::uint64_t end = parts[i]->first_row() + parts[i]->rows();
            if (!done[i] && end > query.options.after_row + 1) add(i, parts[i]->blocks().size());
        }
        const auto block_of = [&](const Piece& piece) { return parts[piece.part]->blocks()[piece.begin]; };
        if (order == ScanOrder::newest_first) {
            std::ranges::stable_sort(list_, std::ranges::greater{},
                                     [&](const Piece& piece) { return block_of(piece).ts_max; });
        } else if (order == ScanOrder::oldest_first) {
            std::ranges::stable_sort(list_, {}, [&](const Piece& piece) { return block_of(piece).ts_min; });
        } else if (order == ScanOrder::any) {
            std::ranges::stable_sort(list_, std::ranges::greater{}, &Piece::end);
        }
    }

    // The next piece. Where the order is free, a thread stays with its part, and else takes the largest that
    // nobody has begun: what it remembers about a part's dictionaries is then learnt once.
    std::optional<Piece> take(std::optional<std::size_t> own) {
        const std::lock_guard lock{mutex_};
        if (list_.empty()) return std::nullopt;
        const auto at = keeps_order_ ? list_.begin() : best(own);
        Piece piece = *at;
        if (!keeps_order_) piece.end = std::min(piece.begin + piece_blocks, piece.end);
        at->begin = piece.end;
        at->is_begun = true;
        if (at->begin == at->end) list_.erase(at);
        return piece;
    }

private:
    using List = std::deque<Piece>;

    List::iterator best(std::optional<std::size_t> own) {
        auto at = own ? std::ranges::find(list_, *own, &Piece::part) : list_.end();
        if (at == list_.end()) at = std::ranges::find(list_, false, &Piece::is_begun);
        if (at == list_.end())
            at = std::ranges::max_element(list_, {},
                                          [](const Piece& piece) { return piece.end - piece.begin; });
        return at;
    }

    void add(std::size_t part, std::size_t blocks) {
        const std::size_t step = keeps_order_ ? 1 : std::max<std::size_t>(blocks, 1);
        for (std::size_t begin = 0; begin < blocks; begin += step)
            list_.push_back({part, begin, std::min(begin + step, blocks)});
    }

    bool keeps_order_;
    std::mutex mutex_;
    List list_;
};

// The parts that need not be walked through.
std::vector<bool> take_whole_parts(const Query& query, Sink& sink) {
    const auto& parts = query.snapshot.parts;
    std::vector<bool> done(parts.size());
    if (!query.plan.where.empty() || query.options.after_row != 0) return done;
    AnswerCost cost;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        PartReader reader(query.plan, *parts[i]);
        const auto taken = sink.add_whole(reader, cost.bytes_read);
        done[i] = taken && *taken;
        if (done[i]) ++cost.parts_read;
    }
    query.monitor.add(cost);
    return done;
}

// The rows above a number, for a tail that has shown those up to it.
void leave_out_known(BlockFrame& frame, std::uint64_t after_row) {
    const std::uint64_t first = frame.reader().first_row_of(frame.block());
    if (first > after_row) return;
    const auto known = std::min<std::uint64_t>(after_row - first + 1, frame.rows());
    std::vector<std::uint32_t> rows;
    for (std::uint64_t row = known; row < frame.rows(); ++row)
        rows.push_back(static_cast<std::uint32_t>(row));
    frame.narrow(std::move(rows));
}

// One thread's walk.
class Walk {
public:
    Walk(const Query& query, Pieces& pieces, Sink& sink)
        : query_(query), pieces_(pieces), sink_(sink), evaluator_(query.plan.memories) {}

    void all() {
        std::optional<std::size_t> part;
        while (query_.monitor.may_go_on()) {
            const auto piece = pieces_.take(part);
            if (!piece) break;
            if (part != piece->part) {
                reader_ = std::make_unique<PartReader>(query_.plan, *query_.snapshot.parts[piece->part]);
                part = piece->part;
                counted_part_ = false;
            }
            blocks_from(piece->part, piece->begin, piece->end);
        }
        query_.monitor.add(cost_);
    }

private:
    void blocks_from(std::size_t part, std::size_t begin, std::size_t end) {
        for (std::size_t block = begin; block < end && query_.monitor.may_go_on(); ++block) {
            if (!sink_.wants(*reader_, part, block) || !may_pass(block)) continue;
            BlockFrame frame(*reader_, block);
            if (const auto done = one_block(frame, part); !done && !query_.monitor.note_damage(done.error()))
                query_.monitor.fail(done.error());
            count(frame);
            query_.monitor.keep(sink_.bytes(), kept_);
        }
    }

    bool may_pass(std::size_t block) const {
        return std::ranges::all_of(query_.plan.where,
                                   [&](const Node& node) { return reader_->may_pass(node, block); });
    }

    Result<void> one_block(BlockFrame& frame, std::size_t part) {
        leave_out_known(frame, query_.options.after_row);
        TRY_VOID(frame.filter(query_.plan.where, evaluator_));
        if (frame.rows() == 0) return {};
        return sink_.add(frame, part, evaluator_);
    }

    void count(const BlockFrame& frame) {
        cost_.bytes_read += frame.bytes_read();
        if (!frame.was_read()) return;
        ++cost_.blocks_read;
        cost_.rows_read += reader_->part().blocks()[frame.block()].rows;
        if (!counted_part_) ++cost_.parts_read;
        counted_part_ = true;
    }

    const Query& query_;
    Pieces& pieces_;
    Sink& sink_;
    Evaluator evaluator_;
    std::unique_ptr<PartReader> reader_;
    AnswerCost cost_;
    std::size_t kept_ = 0;
    bool counted_part_ = false;
};

}  // namespace

void scan(const Query& query, ScanOrder order, const std::vector<Sink*>& sinks) {
    Pieces pieces(query, order, take_whole_parts(query, *sinks[0]));
    query.run([&](unsigned worker) { Walk(query, pieces, *sinks[worker]).all(); });
}

}  // namespace jebi::log_analytics::query
