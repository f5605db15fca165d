// Writes segments: of the tail, and of neighbouring segments that become one.
//
// Chunks of segments are copied as they are, without decompressing them, but for columns with a dictionary,
// whose codes must change: that is why merging costs little.
#pragma once

#include <memory>
#include <span>
#include <string>

#include "kit/disk/disk.h"
#include "modules/log_analytics/store/part.h"
#include "modules/log_analytics/store/segment_format.h"

namespace jebi::log_analytics {

// Writes the rows of `parts` (neighbours, in their order, not empty) into a new file and syncs it; the folder
// is not synced. After an error the file may be there, and is to be removed.
Result<void> write_segment(disk::Disk& disk, const std::string& path, const SegmentSpan& span,
                           std::span<const std::shared_ptr<const Part>> parts);

}  // namespace jebi::log_analytics
