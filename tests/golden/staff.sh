# Accounts and tokens: never a secret on the command line, never one in the store as it is.
echo 'correct horse battery' | af account set lin --role engineer
echo 'short' | af account set kim --role author
: | af account set kim --role author
echo 'correct horse battery' | af account set '' --role author
af token new --role engineer
quiet token new --role admin --json | sed 's/"af_[^"]*"/"<token>"/'
quiet dump | grep -c 'correct horse'
