// All tests in one process: loading CDK takes longer than most of them.

import './alarms.test.js';
import './behavior.test.js';
import './dashboard.test.js';
import './distribution.test.js';
import './edge-authorizer.test.js';
import './edge-function.test.js';
