{{- define "ocrchat.labels" -}}
app.kubernetes.io/name: ocrchat
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "ocrchat.pod" -}}
# Links to services would come as OCRCHAT_PORT=tcp://..., which is a setting of ours.
enableServiceLinks: false
automountServiceAccountToken: false
securityContext:
  runAsNonRoot: true
  runAsUser: 10001
  runAsGroup: 10001
  fsGroup: 10001
  seccompProfile: {type: RuntimeDefault}
volumes:
  - name: data
    emptyDir: {}
  - name: tmp
    emptyDir: {}
{{- end }}

{{- define "ocrchat.container" -}}
image: {{ .Values.image | quote }}
imagePullPolicy: {{ .Values.imagePullPolicy }}
envFrom:
  - secretRef: {name: {{ .Values.existingSecret | quote }}}
env:
  {{- range $name, $value := .Values.settings }}
  - name: {{ $name }}
    value: {{ $value | quote }}
  {{- end }}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities: {drop: [ALL]}
volumeMounts:
  - {name: data, mountPath: /data}
  - {name: tmp, mountPath: /tmp}
{{- end }}
