/** What an instance does when it starts, before it joins the cluster. */
import { RECEIVE_BUFFER_BYTES } from '../encode/fleet/user-data';

/**
 * In the form that managed node groups and Karpenter put before their own: EKS User Guide, "Customize managed nodes with
 * launch templates". Pods have the host's network, and a pod may not set this limit by itself: it is of the whole node.
 */
export const NODE_USER_DATA = `MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="AWSMEDIA"

--AWSMEDIA
Content-Type: text/x-shellscript; charset="us-ascii"

#!/bin/bash
set -euo pipefail
# A burst of SRT must fit the socket.
cat > /etc/sysctl.d/90-aws-media.conf <<'EOF'
net.core.rmem_max = ${RECEIVE_BUFFER_BYTES}
EOF
sysctl -p /etc/sysctl.d/90-aws-media.conf

--AWSMEDIA--
`;
