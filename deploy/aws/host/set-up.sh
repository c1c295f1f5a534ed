# What a new host does, once, as root; the variables that it reads are set by the lines before it. The load balancer
# sends it requests when Florin is ready, and CloudFormation goes on with the next host when this script has ended well.

# The certificates that RDS of this region is signed with; the system's own vouch for where they come from.
install -d -m 755 /etc/florin
curl --fail --silent --show-error --retry 5 --retry-connrefused --output /etc/florin/rds-ca.pem \
  "https://truststore.pki.rds.amazonaws.com/$REGION/$REGION-bundle.pem"

dnf install --assumeyes --quiet docker jq
systemctl enable --now docker

# Secrets are fetched at every start, and kept in memory: a host's disk holds none.
cat > /usr/local/sbin/florin-environment <<SCRIPT
#!/usr/bin/env bash
set -euo pipefail
umask 077
secret() {
  aws secretsmanager get-secret-value --region "$REGION" --secret-id "\$1" --query SecretString --output text
}
database=\$(secret "$DATABASE_SECRET")
login=\$(jq --raw-output --exit-status '"\(.username):\(.password)@\(.host):\(.port)/\(.dbname)"' <<< "\$database")
data_key=\$(secret "$DATA_KEY_SECRET")
cat > /run/florin/environment <<ENVIRONMENT
DATABASE_URL=postgres://\$login?sslmode=verify-full&sslrootcert=/etc/florin/rds-ca.pem
FLORIN_DATA_KEY=\$data_key
FLORIN_TRUST_PROXY=$TRUSTED_NETWORK
$VARIABLES
ENVIRONMENT
if [[ $IMAGE == *.dkr.ecr.*.amazonaws.com/* ]]; then
  aws ecr get-login-password --region "$REGION" |
    docker login --username AWS --password-stdin "${IMAGE%%/*}"
fi
docker pull --quiet "$IMAGE"
SCRIPT
chmod 700 /usr/local/sbin/florin-environment

cat > /etc/systemd/system/florin.service <<UNIT
[Unit]
Description=Florin
Requires=docker.service
After=docker.service network-online.target

[Service]
RuntimeDirectory=florin
RuntimeDirectoryMode=0700
Environment=HOME=/run/florin
ExecStartPre=-/usr/bin/docker rm --force florin
ExecStartPre=/usr/local/sbin/florin-environment
ExecStart=/usr/bin/docker run --rm --name florin --init --read-only --cap-drop ALL \\
  --security-opt no-new-privileges --pids-limit 256 --env-file /run/florin/environment \\
  --publish 8080:8080 --volume /etc/florin/rds-ca.pem:/etc/florin/rds-ca.pem:ro --stop-timeout 30 \\
  --log-driver awslogs --log-opt awslogs-region=$REGION --log-opt awslogs-group=$LOG_GROUP $IMAGE
ExecStop=/usr/bin/docker stop florin
Restart=always
RestartSec=5
TimeoutStartSec=300
TimeoutStopSec=45

[Install]
WantedBy=multi-user.target
UNIT
systemctl daemon-reload
systemctl enable --now florin

# Ready, or this host has failed: five minutes are enough to load the image and to bring a database up to date.
for ((attempt = 1; ; attempt++)); do
  if curl --fail --silent --output /dev/null --max-time 2 http://127.0.0.1:8080/health/ready; then break; fi
  if ((attempt == 150)); then
    echo 'Florin is not ready' >&2
    exit 1
  fi
  sleep 2
done
