package policy

import "flag"

// Update makes tests write their kept text and page anew.
var Update = flag.Bool("update", false, "write kept text and docs/sample-differences.md anew")
