#include "core/observation.hpp"
