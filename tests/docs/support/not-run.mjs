// Commands in the documents that are not run as all others are.

const NETWORK = 'brings packages or programs from the network';
const ACCOUNT = 'needs an AWS account';
const TESTS = 'runs tests, which run with all others';
const MINUTES = 'takes minutes';

/** Those that no test runs, each with its reason. @type {Record<string, string>} */
export const NOT_RUN = {
  './build.sh test': TESTS,
  'cargo test -p edge-authorizer-core --lib policy': TESTS,
  'cargo test -p edge-authorizer-core --test api requirements': TESTS,
  'node --test tests/shim/cli-check.test.mjs': TESTS,
  'node --test tests/docs/*.test.mjs': TESTS,
  '.ci/run': TESTS,
  'git clone REPOSITORY edge-authorizer && cd edge-authorizer': 'the checkout is there',

  './build.sh bench': `${MINUTES}; tests/bench runs a short one`,
  './build.sh bench --full': `${MINUTES}; tests/bench runs a short one`,
  './build.sh bench --json figures.json': `${MINUTES}; tests/bench runs a short one`,
  'node benches/write-page.mjs figures.json': 'needs the figures of the bench; tests/bench runs it',
  './build.sh reproduce': `${MINUTES}: it builds twice from nothing`,

  'cargo install cargo-audit && cargo audit': NETWORK,
  'cargo install cargo-deny && cargo deny check advisories': NETWORK,
  'cargo install cargo-fuzz': NETWORK,
  'cargo +nightly fuzz run rsa': 'needs a nightly compiler; crates/rsa runs the same comparison on random bytes',
  'cargo +nightly fuzz run rsa -- -max_total_time=600': 'needs a nightly compiler',
  'cargo +nightly fuzz run rsa fuzz/artifacts/rsa/…': 'needs a nightly compiler',

  'cd deploy/cdk': 'the commands after it are not run',
  'npm ci && npm run build': `${NETWORK}; deploy/cdk/test compiles it`,
  'npx aws-cdk@2 deploy -c configuration=../../authorizer.json': `${ACCOUNT}; deploy/cdk/test synthesises the stack`,
  './build.sh pack': 'asks npm to pack; tests/npm installs what it makes, and runs the program of its README',
  'npx edge-authorizer pin --config authorizer.json --out key-sets.json': 'asks providers that there are not; tests/shim pins from a server of its own',
  'terraform init': NETWORK,
  'terraform apply': ACCOUNT,
  'terraform -chdir=deploy/terraform/example init': NETWORK,
  'terraform -chdir=deploy/terraform/example apply': ACCOUNT,
};

/** Those that tests/deploy/documents.test.mjs runs, with an account that moto makes believe. */
export const RUN_WITH_ACCOUNT = [
  'aws cloudfront create-public-key --query PublicKey.Id --public-key-config CallerReference=1,Name=live,EncodedKey="$(cat public_key.pem)"',
  'aws s3 cp dist/edge-authorizer.zip s3://BUCKET/edge-authorizer.zip',
  'aws cloudformation deploy --region us-east-1 --stack-name images --capabilities CAPABILITY_IAM --template-file deploy/cloudformation/images.json --parameter-overrides CodeBucket=BUCKET CodeSha256=…',
  'aws lambda get-function-configuration --region us-east-1 --function-name edge-authorizer:1 --query CodeSha256',
  'for region in us-east-1 eu-central-1 ap-northeast-1; do aws logs put-retention-policy --region "$region" --log-group-name /aws/lambda/us-east-1.edge-authorizer --retention-in-days 30 done',
];
