#!/usr/bin/env bash
# Has LibreOffice make hats.docx and hats.odt of hats.fodt, which was written by hand.
set -euo pipefail
cd "$(dirname "$0")"
for ending in docx odt; do
  soffice -env:UserInstallation="file://$(mktemp -d)" --headless --convert-to "$ending" hats.fodt
done
